package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many members over one table in simulated time. {@code -Devenkeel.seed=N} replays one seed,
 * {@code -Devenkeel.rounds=N} runs more of them, {@code -Devenkeel.members=1000} makes the large cluster larger.
 */
class LeaseSimulationTest {
    private static final int ROUNDS = Integer.getInteger("evenkeel.rounds", 40);
    private static final int MEMBERS = Integer.getInteger("evenkeel.members", 300);
    private static final int TROUBLES = 30;
    private static final int SCENARIOS = 50;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTableKeepsItsPromisesUnderTrouble(boolean canProbe) {
        Long replay = Long.getLong("evenkeel.seed");
        long first = new Random().nextLong();
        long evictions = 0;
        long checks = 0;
        for (int i = 0; i < (replay != null ? 1 : ROUNDS); i++) {
            SimWorld world = round(replay != null ? replay : first + i, canProbe);
            evictions += world.evictions;
            checks += world.deadRowChecks;
        }
        // Otherwise nothing was put to the test.
        assertThat(evictions).isPositive();
        assertThat(checks).isPositive();
    }

    private static SimWorld round(long seed, boolean canProbe) {
        String name = "-Devenkeel.seed=" + seed + " canProbe=" + canProbe;
        SimWorld world = new SimWorld(seed, canProbe);
        startTogether(world, 2 + world.random.nextInt(12), name);
        for (int trouble = 1; trouble <= TROUBLES; trouble++) {
            world.runUntil(world.nowMs() + world.random.nextInt(5000));
            world.trouble();
            if (trouble % 10 == 0) {
                world.runUntil(world.nowMs() + 3 * LEASE_MS);
                world.peace();
                world.start("late" + trouble);
                world.runUntil(world.nowMs() + 3 * LEASE_MS);
                settle(world, name);
            }
            assertThat(world.violations).as(name).isEmpty();
        }
        return world;
    }

    /** It has to know that the members had no chance to beat. */
    @Test
    void whoSawAnOutageEvictsNobodyBehindAFirewallThatRejects() {
        for (long seed = 0; seed < SCENARIOS; seed++) {
            SimWorld world = threeMembers(seed);
            world.outage(3 * LEASE_MS);
            world.runUntil(world.nowMs() + LEASE_MS + world.random.nextInt((int) LEASE_MS));
            world.start("late");
            world.wallIn(world.nodes.get("late"));
            world.runUntil(world.nowMs() + 6 * LEASE_MS);
            assertThat(world.evictions).as("seed " + seed).isZero();
            assertThat(world.nodes.get("late").view.joined()).isFalse();
        }
    }

    /**
     * The limit: a member that comes just after an outage that it did not see, and is refused by a firewall, cannot
     * tell the members from dead ones before they have beaten. A cluster that it founds then is seen, does not serve
     * users, and is merged.
     */
    @Test
    void whoIsMisledAfterAnOutageIsOnTheLosingSideAndMerged() {
        long misled = 0;
        for (long seed = 0; seed < SCENARIOS; seed++) {
            String name = "seed " + seed;
            SimWorld world = threeMembers(seed);
            world.outage(3 * LEASE_MS);
            world.runUntil(world.nowMs() + 3 * LEASE_MS);
            world.start("late");
            SimNode late = world.nodes.get("late");
            world.wallIn(late);
            world.runUntil(world.nowMs() + LEASE_MS);
            misled += world.misled > 0 ? 1 : 0;
            assertThat(late.health()).as(name).isNotInstanceOf(LeaseHealth.Healthy.class);
            assertThat(world.healthyViews()).as(name).hasSize(1);
            assertThat(world.addressesInTable()).as(name).hasSize(4);
            world.peace();
            settle(world, name);
        }
        // Otherwise this shows nothing.
        assertThat(misled).isPositive();
    }

    private static SimWorld threeMembers(long seed) {
        SimWorld world = new SimWorld(seed, true);
        startTogether(world, 3, "seed " + seed);
        world.runUntil(world.nowMs() + LEASE_MS);
        return world;
    }

    private static void startTogether(SimWorld world, int starters, String name) {
        for (int i = 0; i < starters; i++) {
            world.start("n" + i);
        }
        world.runUntil(3000);
        assertThat(views(world.living()))
                .as("views after a start together, " + name)
                .hasSize(1);
    }

    private static Set<String> views(List<SimNode> nodes) {
        return nodes.stream().map(n -> n.view.id()).collect(Collectors.toSet());
    }

    /** All hangs end within three leases; then two more until the dead are gone and all live members have met. */
    private static void settle(SimWorld world, String name) {
        world.runUntil(world.nowMs() + 3 * LEASE_MS);
        Set<String> live = world.living().stream().map(n -> n.me.address()).collect(Collectors.toSet());
        assertThat(world.violations).as(name).isEmpty();
        assertThat(world.addressesInTable()).as("rows, " + name).isEqualTo(live);
        assertThat(views(world.living())).as("views after peace, " + name).hasSize(1);
        assertThat(world.living().get(0).view.members()).as(name).isEqualTo(live);
        assertThat(world.living()).as(name).allSatisfy(n -> assertThat(n.health())
                .isEqualTo(new LeaseHealth.Healthy()));
    }

    /** Also the cost model: who does not coordinate reads two rows a beat, its coordinator's and its founder's. */
    @Test
    void aLargeCluster() {
        Long replay = Long.getLong("evenkeel.seed");
        long seed = replay != null ? replay : new Random().nextLong();
        String name = "-Devenkeel.seed=" + seed;
        SimWorld world = new SimWorld(seed, true);
        startTogether(world, MEMBERS, name);
        world.runUntil(world.nowMs() + 3 * LEASE_MS);
        world.rowsRead = 0;
        world.statements = 0;
        world.runUntil(world.nowMs() + 10_000);
        assertThat(world.statements).as("two a beat").isBetween(2L * MEMBERS * 9, 2L * MEMBERS * 12);
        assertThat(world.rowsRead)
                .as("one a beat and the coordinator's, " + name)
                .isLessThan(2L * MEMBERS * 12);
        List<SimNode> order = world.living().get(0).view.members().stream()
                .map(world.nodes::get)
                .toList();
        order.subList(0, 5).forEach(world::kill);
        world.runUntil(world.nowMs() + 1000);
        world.partition();
        world.runUntil(world.nowMs() + LEASE_MS);
        assertThat(views(world.living())).as(name).hasSize(2);
        assertThat(world.healthyViews()).as("one side serves users, " + name).hasSize(1);
        world.peace();
        world.runUntil(world.nowMs() + 2 * LEASE_MS);
        settle(world, name);
        assertThat(world.evictions).isEqualTo(5);
    }
}
