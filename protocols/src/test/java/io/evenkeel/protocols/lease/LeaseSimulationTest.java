package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many members over one table in simulated time. {@code -Devenkeel.seed=N} replays one seed, {@code -Devenkeel.rounds=N} runs
 * more of them.
 */
class LeaseSimulationTest {
    private static final int ROUNDS = Integer.getInteger("evenkeel.rounds", 40);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTableKeepsItsPromisesUnderTrouble(boolean canProbe) {
        Long replay = Long.getLong("evenkeel.seed");
        long first = new Random().nextLong();
        long evictions = 0;
        for (int i = 0; i < (replay != null ? 1 : ROUNDS); i++) {
            evictions += round(replay != null ? replay : first + i, canProbe);
        }
        // Otherwise nothing was put to the test.
        assertThat(evictions).isPositive();
    }

    private static long round(long seed, boolean canProbe) {
        String name = "-Devenkeel.seed=" + seed + " canProbe=" + canProbe;
        SimWorld world = new SimWorld(seed, canProbe);
        int starters = 2 + world.random.nextInt(12);
        for (int i = 0; i < starters; i++) {
            world.start("n" + i);
        }
        world.runUntil(3000);
        assertThat(world.living().stream().map(n -> n.view.id()).distinct())
                .as("one view after a start together, " + name)
                .hasSize(1);
        for (int trouble = 0; trouble < 30; trouble++) {
            world.runUntil(world.nowMs + world.random.nextInt(5000));
            world.trouble();
            assertThat(world.violations).as(name).isEmpty();
        }
        world.peace();
        world.start("last");
        world.runUntil(world.nowMs + 3 * LEASE_MS);
        settle(world, name);
        return world.evictions;
    }

    /** All hangs end within three leases; then two more until the dead are gone and all live members have met. */
    private static void settle(SimWorld world, String name) {
        world.runUntil(world.nowMs + 3 * LEASE_MS);
        Set<String> live = world.living().stream().map(n -> n.me.address()).collect(Collectors.toSet());
        assertThat(world.violations).as(name).isEmpty();
        assertThat(world.addressesInTable()).as("rows, " + name).isEqualTo(live);
        assertThat(world.living().stream().map(n -> n.view.id()).distinct())
                .as("one view after peace, " + name)
                .hasSize(1);
        assertThat(world.living().get(0).view.members()).as(name).isEqualTo(live);
    }
}
