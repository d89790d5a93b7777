package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.Contender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartScheduleTest {
    @Test
    void eachRoundHasEachContenderOnceAndAnotherOneFirst() {
        List<RestartSchedule.Run> runs = RestartSchedule.of(
                        List.of(Contender.STOCK, Contender.CHUNK_16, Contender.EVENKEEL), 4)
                .runs();

        assertThat(runs).hasSize(12).doesNotHaveDuplicates();
        assertThat(runs.stream().map(RestartSchedule.Run::round)).isSorted();
        assertThat(List.of(runs.get(0), runs.get(3), runs.get(6), runs.get(9)))
                .extracting(RestartSchedule.Run::contender)
                .containsExactly(Contender.STOCK, Contender.CHUNK_16, Contender.EVENKEEL, Contender.STOCK);
    }

    @Test
    void aStatefulSetBeginsWithTheLastAndLeavesTheCoordinatorToTheEnd() {
        assertThat(RestartOrder.LAST_FIRST.of(List.of(1, 2, 3))).containsExactly(3, 2, 1);
        assertThat(RestartOrder.FIRST_FIRST.of(List.of(1, 2, 3))).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource({"300000,2,300,540", "300000,1,700,1200", "20000,2,200,400"})
    void theEstimateGrowsWithTheSessionsAndWithFewerProcessors(int sessions, double cpus, long leastS, long mostS) {
        RestartScale scale = RestartScale.full(List.of(Contender.STOCK), sessions, 30, 1);

        assertThat(scale.withCpus(cpus).estimate(2)).isBetween(Duration.ofSeconds(leastS), Duration.ofSeconds(mostS));
    }

    @Test
    void aQuickRunHasASmallHeapOnlyForFewSessions() {
        List<Contender> one = List.of(Contender.EVENKEEL);

        assertThat(RestartScale.quick(one, 20_000, 30, 1).heapOptions()).isEqualTo("-Xms1024m -Xmx1024m");
        assertThat(RestartScale.quick(one, 20_001, 30, 1).heapOptions()).isEqualTo("-Xms2048m -Xmx2048m");
        assertThat(RestartScale.quick(one, 20_001, 30, 1).withHeapMb(512).heapOptions())
                .isEqualTo("-Xms512m -Xmx512m");
    }

    @Test
    void theConditionsNameTheJvmsOptions() {
        RestartScale scale = RestartScale.quick(List.of(Contender.EVENKEEL), 1_000, 30, 1)
                .withHeapMb(512)
                .withJvmOptions(List.of("-XX:MaxNewSize=128m", "-XX:+UseNUMA"));

        assertThat(scale.conditions()).contains(" 512 MB heap and -XX:MaxNewSize=128m -XX:+UseNUMA with ");
    }
}
