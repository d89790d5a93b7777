package io.evenkeel.it.bench.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.grid.CacheStart;
import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.Pacing;
import io.evenkeel.it.member.RoundTrips;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StateRowsTest {
    private static final long NS_PER_MS = 1_000_000;
    private static final Pacing NONE = new Pacing(0, 0, 0, 0);

    /** Ten requests of that time each. */
    private static Grid.Outcome users(double ms) {
        Histogram timesNs = new Histogram(3);
        timesNs.recordValueWithCount((long) (ms * NS_PER_MS), 10);
        return new Grid.Outcome(new RoundTrips(timesNs, 0), 0);
    }

    private static StateSample sample(double joinS, double joinMs) {
        return new StateSample(
                users(1),
                users(2),
                3,
                new Transfer(joinS, users(joinMs), NONE, 3_000_000),
                new Transfer(8, users(1), NONE, 0),
                0);
    }

    private static Map<String, BenchResult> rows(StateCase stateCase, Map<Contender, List<StateSample>> samples) {
        List<BenchResult> rows = StateRows.of(stateCase, new EnumMap<>(samples));
        Map<String, BenchResult> byName = new HashMap<>();
        rows.forEach(row -> byName.put(row.benchCase().name().replace(stateCase.label() + ": ", ""), row));
        return byName;
    }

    @Test
    void judgesTheTimeByStockTheTailsByTheQuietTimeAndChunk16() {
        Map<String, BenchResult> rows = rows(
                StateCase.LAN_200,
                Map.of(
                        Contender.STOCK, List.of(sample(10, 50)),
                        Contender.CHUNK_16, List.of(sample(10, 2.5)),
                        Contender.EVENKEEL, List.of(sample(10.4, 2), sample(10.4, 2.2), sample(10.6, 9))));
        assertThat(rows.get("join").met()).contains(true);
        assertThat(rows.get("join with the start of the JVM").samples().get("evenkeel"))
                .containsExactly(13.4, 13.4, 13.6);
        assertThat(rows.get("join p90 by quiet p90").met()).contains(false);
        assertThat(rows.get("join p99 by quiet p99").met()).contains(true);
        assertThat(rows.get("join p99").met()).contains(true);
        assertThat(rows.get("leave p99").met()).contains(false);
        assertThat(rows.get("lost entries").met()).contains(true);
        assertThat(rows.get("join p99").benchCase().goal().text()).isEqualTo("< chunk-16");
    }

    private static CycleSample cycle(double leaveS, double leaveMs, double joinMs, long bytes) {
        return new CycleSample(
                users(1),
                new CycleSample.Part(leaveS, users(leaveMs)),
                new CycleSample.Part(3, users(2)),
                new CycleSample.Part(4, users(joinMs)),
                bytes,
                0);
    }

    @Test
    void aCycleIsJudgedAsAWholeBesideEveryContender() {
        Map<String, BenchResult> rows = new HashMap<>();
        CycleRows.of(
                        StateCase.FULL_CYCLE,
                        Map.of(
                                Contender.STOCK, List.of(cycle(8, 50, 20, 600_000_000)),
                                Contender.CHUNK_16, List.of(cycle(9, 10, 5, 600_000_000)),
                                Contender.EVENKEEL, List.of(cycle(3, 3, 12, 310_000_000))))
                .forEach(row -> rows.put(row.benchCase().name().replace("full-cycle: ", ""), row));

        assertThat(rows.get("cycle").samples().get("stock")).containsExactly(15.0);
        assertThat(rows.get("cycle").met()).contains(true);
        assertThat(rows.get("MB between the nodes").met()).contains(true);
        assertThat(rows.get("cycle p99").samples().get("evenkeel").get(0)).isBetween(11.9, 12.1);
        assertThat(rows.get("cycle p99").benchCase().goal().text()).isEqualTo("<= 1.00 x stock and <= chunk-16");
        assertThat(rows.get("cycle p99").met()).contains(false);
        assertThat(rows.get("leave p99").met()).isEmpty();
    }

    @Test
    void stockStartsItsCachesInTurnUnlessToldOtherwise() {
        StateScale usual = scale(Optional.empty(), Optional.empty());
        StateScale together = scale(Optional.of(CacheStart.TOGETHER), Optional.empty());

        assertThat(usual.startOf(Contender.CHUNK_16)).isEqualTo(CacheStart.IN_TURN);
        assertThat(usual.startOf(Contender.EVENKEEL)).isEqualTo(CacheStart.TOGETHER);
        assertThat(together.startOf(Contender.STOCK)).isEqualTo(CacheStart.TOGETHER);
    }

    @Test
    void onlyEvenkeelKeepsAPlaceAndOnlyForWhoComesBack() {
        assertThat(StateCase.FULL_CYCLE_200.easesRestarts(Contender.EVENKEEL)).isTrue();
        assertThat(StateCase.FULL_CYCLE_200.easesRestarts(Contender.STOCK)).isFalse();
        assertThat(StateCase.LAN_200.easesRestarts(Contender.EVENKEEL)).isFalse();
    }

    @Test
    void theEstimateFollowsTheCableAndTheProcessors() {
        StateScale usual = scale(Optional.empty(), Optional.empty());
        Duration lan = usual.estimate(StateCase.LAN_200, 2);

        assertThat(lan).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(4));
        assertThat(usual.estimate(StateCase.LAN_50, 2)).isGreaterThan(lan.multipliedBy(2));
        assertThat(usual.estimate(StateCase.LAN_200, 8)).isEqualTo(lan);
        assertThat(scale(Optional.empty(), Optional.of(1.0))
                        .estimate(StateCase.LAN_200, 8)
                        .toSeconds())
                .isBetween(2 * lan.toSeconds() - 1, 2 * lan.toSeconds() + 1);
    }

    private static StateScale scale(Optional<CacheStart> start, Optional<Double> cpus) {
        return new StateScale(
                3,
                300_000,
                Duration.ofSeconds(8),
                false,
                StateScale.Collector.G1,
                start,
                cpus,
                List.of(Contender.values()));
    }

    @Test
    void hasNoUsersToJudgeWithoutRequests() {
        Map<String, BenchResult> rows = rows(
                StateCase.NO_FOREGROUND,
                Map.of(Contender.STOCK, List.of(sample(10, 1)), Contender.EVENKEEL, List.of(sample(10.3, 1))));
        assertThat(rows.keySet())
                .containsExactlyInAnyOrder(
                        "join",
                        "join with the start of the JVM",
                        "leave",
                        "join, MB between the nodes",
                        "leave, MB between the nodes",
                        "lost entries");
        assertThat(rows.get("join").met()).contains(false);
    }

    @Test
    void theGigabitJoinHasABoundBesideStock() {
        Map<String, BenchResult> rows = rows(
                StateCase.GIGABIT,
                Map.of(Contender.STOCK, List.of(sample(12, 1)), Contender.EVENKEEL, List.of(sample(11, 1))));
        assertThat(rows.get("join").benchCase().goal().text()).isEqualTo("<= 1.10 x stock and <= 10.0");
        assertThat(rows.get("join").met()).contains(false);
    }

    @Test
    void aContenderAloneIsShownAndNotJudged() {
        List<BenchResult> rows =
                StateRows.of(StateCase.LAN_200, new EnumMap<>(Map.of(Contender.CHUNK_64, List.of(sample(10, 1)))));
        assertThat(rows).allMatch(row -> row.met().isEmpty());
        BenchTable table = new BenchTable(List.of("chunk-64"), rows);
        assertThat(table.complete()).isTrue();
        assertThat(table.lines().get(1)).contains("10.0 (10.0-10.0)");
    }

    @Test
    void allCasesHoldAboutAsMuchButTheGigabitAndTheSmallOnes() {
        int base = 300_000;
        assertThat(Arrays.stream(StateCase.values())
                        .filter(c -> c != StateCase.SMALL_ENTRIES && c != StateCase.GIGABIT)
                        .map(StateCase::workload)
                        .mapToDouble(w -> (double) w.entries(base) * w.caches() * w.bytes()))
                .allMatch(bytes -> bytes > 5.9e8 && bytes < 6.2e8);
        assertThat(StateCase.GIGABIT.workload().entries(base)).isEqualTo(1_000_000);
        assertThat(StateCase.SIX_CACHES_200.workload().entries(base)).isEqualTo(100_000);
    }
}
