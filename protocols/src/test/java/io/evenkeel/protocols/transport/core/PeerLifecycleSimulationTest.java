package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two to five processes whose connections are lost, delayed, refused, reset, made by both at once, renewed and ended
 * with a goodbye, and which are killed and restarted at the same address. No living process is ever suspected, every
 * dead one is; a renewal loses and repeats no message; in the end one connection is left for each pair. The same where
 * some of them are on JGroups' TCP.
 */
class PeerLifecycleSimulationTest {
    private static final int SCHEDULES = 500;

    @Test
    void aSeedReplays() {
        PeerWorld once = new PeerWorld(new Random(1));
        once.run();
        PeerWorld again = new PeerWorld(new Random(1));
        again.run();
        assertThat(again).hasToString(once.toString());
        assertThat(again.counts()).isEqualTo(once.counts());
    }

    /** Messages were lost on connections that were written to before the peer had confirmed that it takes them. */
    @ParameterizedTest
    @ValueSource(longs = {3142, 21_625, 54_890, 2_023_845, 4_016_780})
    void aConnectionThatThePeerGivesUpCostsNoMessage(long seed) {
        play(seed);
    }

    /** Messages were lost that were on their way when the other side closed a second time. */
    @ParameterizedTest
    @ValueSource(longs = {34_397, 2_000_278})
    void aSecondCloseCostsNoMessage(long seed) {
        play(seed);
    }

    private static PeerWorld play(long seed) {
        return play(seed, false);
    }

    private static PeerWorld play(long seed, boolean mixed) {
        PeerWorld world = new PeerWorld(new Random(seed), mixed);
        world.run();
        assertThat(world.violations())
                .as("-Devenkeel.peers.seed=%d %s", seed, world)
                .isEmpty();
        return world;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInvariantsHold(boolean mixed) {
        Long replayed = Long.getLong("evenkeel.peers.seed");
        long first = replayed == null ? System.nanoTime() : replayed;
        int schedules = replayed == null ? Integer.getInteger("evenkeel.soak.peers", SCHEDULES) : 1;
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < schedules; i++) {
            play(first + i, mixed).counts().forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
        }
        System.out.println("PeerLifecycleSimulationTest seed " + first + (mixed ? " with JGroups' TCP: " : ": ")
                + schedules + " schedules, " + counts);
        if (replayed == null) {
            assertThat(counts.values()).as("%s", counts).doesNotContain(0);
        }
    }
}
