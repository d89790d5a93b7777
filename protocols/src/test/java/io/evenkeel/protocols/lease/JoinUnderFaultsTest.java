package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A joiner finds a healthy cluster whatever single row is missing, stale or unreachable, and joins none but that of its
 * table.
 */
class JoinUnderFaultsTest {
    private static final int SEEDS = 10;
    private static final int MAX_MEMBERS = 5;

    /** One thing that is wrong with one member. */
    enum Fault {
        ROW_MISSING {
            @Override
            void happen(SimWorld world, SimNode victim) {
                world.store.delete("sim", victim.me.address());
            }
        },
        /** Of a former view, without the flag of a coordinator. */
        ROW_STALE {
            @Override
            void happen(SimWorld world, SimNode victim) {
                world.store.replace(new LeaseRow(victim.me, false, "gone|1", 2, 1, 0, LEASE_MS, LeaseRow.FORMAT));
            }
        },
        DATABASE_BLOCKED {
            @Override
            void happen(SimWorld world, SimNode victim) {
                victim.databaseBlocked = true;
            }
        },
        DATABASE_BLOCKED_AND_ROW_MISSING {
            @Override
            void happen(SimWorld world, SimNode victim) {
                victim.databaseBlocked = true;
                world.store.delete("sim", victim.me.address());
            }
        },
        /** It becomes the coordinator, if it is not, while it does not reach the table, so its row says otherwise. */
        DATABASE_BLOCKED_BEFORE_IT_COORDINATES {
            @Override
            void happen(SimWorld world, SimNode victim) {
                victim.databaseBlocked = true;
                world.runUntil(world.nowMs() + LEASE_MS);
                List<SimNode> before = world.living().stream()
                        .filter(n -> n.view.members().stream().toList().indexOf(n.me.address())
                                < n.view.members().stream().toList().indexOf(victim.me.address()))
                        .toList();
                before.forEach(world::kill);
                world.runUntil(world.nowMs() + 3000);
            }
        },
        UNREACHABLE {
            @Override
            void happen(SimWorld world, SimNode victim) {
                victim.unreachable = true;
            }
        };

        abstract void happen(SimWorld world, SimNode victim);
    }

    private static SimWorld cluster(long seed, boolean canProbe, int members) {
        SimWorld world = new SimWorld(seed, canProbe);
        for (int i = 0; i < members; i++) {
            world.start("n" + i);
        }
        world.runUntil(3 * LEASE_MS);
        assertThat(views(world.living())).hasSize(1);
        return world;
    }

    private static Set<String> views(List<SimNode> nodes) {
        return nodes.stream().map(n -> n.view.id()).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aJoinerFindsAHealthyClusterWithOneFault(Fault fault) {
        for (boolean canProbe : new boolean[] {true, false}) {
            for (int members = 1; members <= MAX_MEMBERS; members++) {
                for (int victim = 0; victim < members; victim++) {
                    for (long seed = 0; seed < SEEDS; seed++) {
                        String name = fault + " of the member at place " + victim + " of " + members + ", seed " + seed
                                + ", canProbe=" + canProbe;
                        joins(cluster(seed, canProbe, members), fault, victim, name);
                    }
                }
            }
        }
    }

    private static void joins(SimWorld world, Fault fault, int place, String name) {
        List<SimNode> order = world.living().get(0).view.members().stream()
                .map(world.nodes::get)
                .toList();
        SimNode victim = order.get(place);
        fault.happen(world, victim);
        List<SimNode> members = world.living();
        boolean onlyMemberWithoutDatabase = members.size() == 1 && victim.databaseBlocked;
        boolean unreachableCoordinator = victim.unreachable && place == 0;
        world.start("late");
        world.runUntil(world.nowMs() + 3 * LEASE_MS);
        SimNode late = world.nodes.get("late");
        if (onlyMemberWithoutDatabase) {
            // No member of it reaches the database, so nothing says that it is a cluster of this table.
            assertThat(late.view.members()).as(name).containsExactly("late");
            victim.databaseBlocked = false;
            world.runUntil(world.nowMs() + 3 * LEASE_MS);
            assertThat(views(world.living())).as(name).hasSize(1);
            return;
        }
        // A deputy begins to watch the rows of the dead once the coordinator is overdue, so they go later than
        // otherwise.
        assertThat(world.violations).as(name).allMatch(violation -> violation.contains(", dead since "));
        if (unreachableCoordinator) {
            assertThat(late.view.joined()).as(name).isFalse();
        } else {
            assertThat(views(world.living())).as(name).hasSize(1);
            assertThat(late.view.members()).as(name).hasSize(members.size() + 1);
        }
    }

    /** As after a dump was restored, a disk was cloned, or replication was cut; just now, or for long. */
    @ParameterizedTest
    @CsvSource({"0, true", "1000, true", "3600000, true", "0, false", "1000, false", "3600000, false"})
    void membersOnACopyFormAClusterOfTheirOwn(long ageMs, boolean canProbe) {
        for (long seed = 0; seed < SEEDS; seed++) {
            String name = "seed " + seed;
            SimWorld world = cluster(seed, canProbe, 3);
            InMemoryLeaseTable.Store copy = world.store.copy();
            world.runUntil(world.nowMs() + ageMs);
            List<SimNode> production = world.living();
            world.start("s0", copy);
            world.start("s1", copy);
            world.runUntil(world.nowMs() + LEASE_MS / 2);
            assertThat(world.nodes.get("s0").view.joined())
                    .as("nothing is founded before the rows were watched over a lease, " + name)
                    .isFalse();
            world.runUntil(world.nowMs() + 4 * LEASE_MS);
            assertApart(world, production, copy, name);
            assertThat(SimWorld.addressesIn(copy)).as(name).containsExactlyInAnyOrder("s0", "s1");
        }
    }

    private static void assertApart(
            SimWorld world, List<SimNode> production, InMemoryLeaseTable.Store copy, String name) {
        assertThat(world.violations).as(name).isEmpty();
        assertThat(views(production)).as(name).hasSize(1);
        assertThat(production).as(name).allSatisfy(n -> {
            assertThat(n.view.members()).containsExactlyInAnyOrder("n0", "n1", "n2");
            assertThat(n.health()).isEqualTo(new LeaseHealth.Healthy());
        });
        assertThat(SimWorld.addressesIn(world.store)).as(name).containsExactlyInAnyOrder("n0", "n1", "n2");
        List<SimNode> others =
                world.living().stream().filter(n -> n.store == copy).toList();
        assertThat(views(others)).as(name).hasSize(1);
        assertThat(others.get(0).view.members()).as(name).containsExactlyInAnyOrder("s0", "s1");
    }

    /** A copy that is replicated to holds rows that beat; a member that founded on it before goes on alone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCopyThatIsReplicatedToIsNeverMerged(boolean canProbe) {
        for (long seed = 0; seed < SEEDS; seed++) {
            String name = "seed " + seed;
            SimWorld world = cluster(seed, canProbe, 3);
            InMemoryLeaseTable.Store copy = world.store.copy();
            List<SimNode> production = world.living();
            world.start("s0", copy);
            world.start("s1", copy);
            world.runUntil(world.nowMs() + 4 * LEASE_MS);
            replicate(world, copy);
            world.start("s2", copy);
            world.runUntil(world.nowMs() + 5 * LEASE_MS);
            world.nodes.get("s2").dead = !world.nodes.get("s2").view.joined();
            assertThat(world.violations).as(name).isEmpty();
            assertThat(views(production)).as(name).hasSize(1);
            assertThat(production.get(0).view.members()).as(name).containsExactlyInAnyOrder("n0", "n1", "n2");
            assertThat(world.nodes.get("s0").view.members())
                    .as(name)
                    .contains("s0", "s1")
                    .doesNotContain("n0");
        }
    }

    private static void replicate(SimWorld world, InMemoryLeaseTable.Store copy) {
        world.store.replicateTo(copy);
        world.later(100, () -> replicate(world, copy));
    }

    /** Rows that beat by replication alone: nothing is joined and nothing founded. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJoinerOnACopyThatIsReplicatedToWaits(boolean canProbe) {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimWorld world = cluster(seed, canProbe, 3);
            InMemoryLeaseTable.Store copy = world.store.copy();
            replicate(world, copy);
            world.start("s0", copy);
            world.runUntil(world.nowMs() + 5 * LEASE_MS);
            assertThat(world.violations).as("seed " + seed).isEmpty();
            assertThat(world.nodes.get("s0").view.joined()).as("seed " + seed).isFalse();
        }
    }

    /** A coordinator, or an ordinary member, that was stopped for ten leases and goes on with the view it had. */
    @ParameterizedTest
    @CsvSource({"3, 0", "3, 1", "5, 0", "5, 4"})
    void whoGoesOnAfterAStopIsNotReadyAndTheOthersAreAllTheTime(int members, int place) {
        for (long seed = 0; seed < SEEDS; seed++) {
            String name = "seed " + seed;
            SimWorld world = cluster(seed, true, members);
            SimNode stopped = world.living().get(0).view.members().stream()
                    .map(world.nodes::get)
                    .toList()
                    .get(place);
            world.stop(stopped, 10 * LEASE_MS);
            world.runUntil(stopped.hungUntilMs - 1);
            List<SimNode> others =
                    world.living().stream().filter(n -> n != stopped).toList();
            assertThat(views(others)).as(name).hasSize(1);
            assertThat(stopped.view.members()).as(name).hasSize(members);
            for (int i = 0; i < 40 * LEASE_MS / 10; i++) {
                world.runUntil(world.nowMs() + 10);
                assertThat(others).as(name).allSatisfy(n -> assertThat(n.health())
                        .isEqualTo(new LeaseHealth.Healthy()));
                if (!views(others).contains(stopped.view.id())) {
                    assertThat(stopped.health())
                            .as(name + " at " + world.nowMs())
                            .isInstanceOf(LeaseHealth.Unhealthy.class);
                }
            }
            assertThat(views(world.living())).as(name).hasSize(1);
            assertThat(stopped.health()).as(name).isEqualTo(new LeaseHealth.Healthy());
            assertThat(world.violations).as(name).isEmpty();
        }
    }
}
