package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.stacks.infinispan.TransferProgress.Gauges;
import io.evenkeel.stacks.infinispan.TransferProgress.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransferProgressTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MB = 1_000_000;

    private final TransferProgress progress = new TransferProgress();
    private final List<String> lines = new ArrayList<>();
    private long nowNs = 77 * SECOND;

    @Test
    void aLineComesEveryFiveSecondsAndOneAtTheEnd() {
        look(0, Map.of("sessions", 0), 100 * MB, 50 * MB);
        look(1, Map.of("sessions", 100, "clientSessions", 200), 100 * MB, 50 * MB);
        look(4, Map.of("sessions", 60, "clientSessions", 100), 140 * MB, 51 * MB);
        assertThat(lines).isEmpty();
        look(1, Map.of("sessions", 50, "clientSessions", 50), 150 * MB, 52 * MB);
        look(4, Map.of("sessions", 10, "clientSessions", 20), 190 * MB, 53 * MB);
        look(1, Map.of("sessions", 0, "clientSessions", 20), 200 * MB, 54 * MB);
        look(1, Map.of("sessions", 0, "clientSessions", 0), 210 * MB, 60 * MB);
        look(1, Map.of("sessions", 0, "clientSessions", 0), 210 * MB, 60 * MB);
        look(5, Map.of("sessions", 0, "clientSessions", 0), 210 * MB, 70 * MB);

        assertThat(lines)
                .containsExactly(
                        "State transfer to this node: 200 of 300 segments (clientSessions 150 of 200, sessions 50 of"
                                + " 100),"
                                + " 50.0 MB at 10.0 MB/s, about 5 s left",
                        "State transfer to this node: 280 of 300 segments (clientSessions 180 of 200),"
                                + " 100.0 MB at 10.0 MB/s, about 2 s left",
                        "State transfer to this node is over: 110.0 MB in 10 s, 11.0 MB/s;"
                                + " users had 8 % of the node's bytes meanwhile");
    }

    @Test
    void theBoundIsFiveSeconds() {
        look(0, Map.of("sessions", 10), 0, 0);
        nowNs += TransferProgress.LINE_INTERVAL_NS - 1;
        look(0, Map.of("sessions", 5), 0, 0);
        assertThat(lines).isEmpty();
        nowNs += 1;
        look(0, Map.of("sessions", 5), 0, 0);
        assertThat(lines).hasSize(1);
    }

    @Test
    void aShortTransferIsNotSpokenOf() {
        look(0, Map.of("sessions", 10), 0, 0);
        look(4, Map.of("sessions", 1), 5 * MB, 0);
        look(1, Map.of("sessions", 0), 6 * MB, 0);
        look(60, Map.of("sessions", 0), 6 * MB, 0);

        assertThat(lines).isEmpty();
    }

    @Test
    void cachesThatComeInTurnAreOneTransfer() {
        look(0, Map.of("a", 10), 0, 0);
        look(4, Map.of("a", 1), 40 * MB, 0);
        look(1, Map.of("a", 0), 40 * MB, 0);
        look(1, Map.of("a", 0, "b", 20), 40 * MB, 0);
        look(4, Map.of("a", 0, "b", 10), 80 * MB, 0);

        assertThat(lines)
                .containsExactly(
                        "State transfer to this node: 10 of 30 segments (b 0 of 20), 40.0 MB at 6.7 MB/s, time left"
                                + " unknown");
        assertThat(progress.gauges()).isEqualTo(new Gauges(30, 10, 80 * MB, 8e6, 4));
    }

    @Test
    void segmentsOfALaterRebalanceAreAdded() {
        look(0, Map.of("a", 10), 0, 0);
        look(1, Map.of("a", 4), 0, 0);
        look(1, Map.of("a", 9), 0, 0);

        assertThat(progress.gauges().segments()).isEqualTo(15);
        assertThat(progress.gauges().awaitedSegments()).isEqualTo(9);
    }

    @Test
    void aCacheThatIsStoppedMeanwhileIsNotAwaited() {
        look(0, Map.of("a", 10, "b", 20), 0, 0);
        look(4, Map.of("a", 10, "b", 15), 40 * MB, 0);
        look(1, Map.of("b", 10), 80 * MB, 0);

        assertThat(lines)
                .containsExactly("State transfer to this node: 10 of 20 segments (b 10 of 20), 80.0 MB at 16.0 MB/s,"
                        + " about 5 s left");
        assertThat(progress.gauges()).isEqualTo(new Gauges(20, 10, 80 * MB, 16e6, 5));
    }

    @Test
    void gaugesAreZeroBeforeAndAfter() {
        Gauges none = new Gauges(0, 0, 0, 0, 0);
        assertThat(progress.gauges()).isEqualTo(none);
        look(0, Map.of("a", 10), 0, 0);
        look(1, Map.of("a", 10), MB, 0);
        assertThat(progress.gauges()).isEqualTo(new Gauges(10, 10, MB, 1e6, 0));
        look(1, Map.of("a", 0), MB, 0);
        look(1, Map.of("a", 0), MB, 0);
        assertThat(progress.gauges()).isEqualTo(none);
    }

    @Test
    void statisticsThatWereResetBeginAgain() {
        look(0, Map.of("a", 0), 500 * MB, 0);
        look(0, Map.of("a", 10), 500 * MB, 0);
        look(5, Map.of("a", 5), 20 * MB, 0);

        assertThat(progress.gauges().bytes()).isEqualTo(20 * MB);
    }

    private void look(long afterS, Map<String, Integer> awaited, long stateBytes, long usersBytes) {
        nowNs += afterS * SECOND;
        progress.add(nowNs, new Sample(awaited, stateBytes, usersBytes)).ifPresent(lines::add);
    }
}
