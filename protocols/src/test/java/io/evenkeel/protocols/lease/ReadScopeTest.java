package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static io.evenkeel.protocols.lease.CoreFixture.ME;
import static io.evenkeel.protocols.lease.CoreFixture.POLICY;
import static io.evenkeel.protocols.lease.CoreFixture.at;
import static io.evenkeel.protocols.lease.CoreFixture.coordinator;
import static io.evenkeel.protocols.lease.CoreFixture.member;
import static io.evenkeel.protocols.lease.CoreFixture.ns;
import static io.evenkeel.protocols.lease.CoreFixture.partlyAt;
import static io.evenkeel.protocols.lease.CoreFixture.row;
import static io.evenkeel.protocols.lease.CoreFixture.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The members that read all rows; no others judge. */
class ReadScopeTest {
    private static final long OVERDUE_MS = LEASE_MS / 2;
    private static final LeaseRow MINE = row("me", 1, 0);
    private final LeasePlanner planner = new LeasePlanner(POLICY, ME, false);

    private void plan(Snapshot snapshot) {
        planner.plan(snapshot, snapshot.receivedNs());
    }

    @Test
    void aJoinerAndACoordinatorReadAll() {
        assertThat(planner.readsAll()).isTrue();
        plan(at(0, MINE));
        assertThat(planner.readsAll()).isTrue();
        planner.viewChanged(view("me|1", "me", "b"));
        plan(at(0, MINE));
        assertThat(planner.readsAll()).isTrue();
    }

    @Test
    void aMemberReadsAllOnceAfterAViewAndAnOutage() {
        planner.viewChanged(view("a|1", "a", "b", "me"));
        assertThat(planner.readsAll()).isTrue();
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        assertThat(planner.readsAll()).isFalse();
        planner.interrupted();
        assertThat(planner.readsAll()).isTrue();
        plan(at(1000, coordinator("a", 3, 2, 0), MINE));
        assertThat(planner.readsAll()).isFalse();
        planner.viewChanged(view("a|2", "a", "b", "me", "c"));
        assertThat(planner.readsAll()).isTrue();
    }

    @Test
    void aMemberLooksAgainWhenTheDeadMustBeGone() {
        planner.viewChanged(view("a|1", "a", "b", "me"));
        LeaseRow dead = row("dead", 1, 0);
        plan(at(0, coordinator("a", 3, 1, 0), dead, MINE));
        plan(partlyAt(2 * LEASE_MS - 1, coordinator("a", 3, 2, 0)));
        assertThat(planner.readsAll()).isFalse();
        assertThat(planner.known().rows()).containsKey("dead");
        plan(partlyAt(2 * LEASE_MS, coordinator("a", 3, 3, 0)));
        assertThat(planner.readsAll()).isTrue();
        plan(at(2 * LEASE_MS + 1000, coordinator("a", 3, 4, 0), MINE));
        assertThat(planner.known().rows()).containsOnlyKeys("a", "me");
        plan(partlyAt(9 * LEASE_MS, coordinator("a", 3, 5, 0)));
        assertThat(planner.readsAll()).isFalse();
    }

    @Test
    void theSecondStandsInForACoordinatorThatIsOverdue() {
        planner.viewChanged(view("a|1", "a", "me", "b"));
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        for (long ms = 500; ms <= OVERDUE_MS; ms += 500) {
            plan(partlyAt(ms, coordinator("a", 3, 1, 0)));
            assertThat(planner.readsAll()).isFalse();
        }
        plan(partlyAt(OVERDUE_MS + 1, coordinator("a", 3, 1, 0)));
        assertThat(planner.readsAll()).isTrue();
        // Beats on its behalf do not end that at once, or nobody else would be watched long enough.
        plan(at(OVERDUE_MS + 2, coordinator("a", 3, 2, 0), MINE));
        plan(at(OVERDUE_MS + 2 * LEASE_MS, coordinator("a", 3, 9, 0), MINE));
        assertThat(planner.readsAll()).isTrue();
        plan(at(OVERDUE_MS + 2 * LEASE_MS + 1, coordinator("a", 3, 10, 0), MINE));
        assertThat(planner.readsAll()).isFalse();
    }

    @Test
    void theOthersWaitWhetherTheSecondDoes() {
        planner.viewChanged(view("a|1", "a", "b", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        long ms = 0;
        while (ms <= OVERDUE_MS + 2000) {
            ms += 500;
            plan(partlyAt(ms, coordinator("a", 3, 1, 0)));
            if (ms < OVERDUE_MS + 500 + 2000) {
                assertThat(planner.readsAll()).as("at " + ms).isFalse();
            }
        }
        assertThat(planner.readsAll()).isTrue();
    }

    @Test
    void aCoordinatorWithoutARowIsOverdue() {
        planner.viewChanged(view("a|1", "a", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        plan(partlyAt(1000));
        assertThat(planner.readsAll()).isTrue();
    }

    @Test
    void aMemberThatReadsCoordinatorsJudgesNobodyElse() {
        planner.viewChanged(view("a|1", "a", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), row("dead", 1, 9 * LEASE_MS), MINE));
        for (long ms = 1000; ms <= 3 * LEASE_MS; ms += 1000) {
            assertThat(planner.plan(partlyAt(ms, coordinator("a", 3, ms, 0)), ns(ms))
                            .actions())
                    .isEmpty();
        }
        assertThat(planner.known().rows()).containsOnlyKeys("a", "dead", "me");
    }

    /** The sides of a split are counted, for which a read of coordinators is not enough. */
    @Test
    void allReadAllWhileAnotherCoordinatorStandsInTheTable() {
        planner.viewChanged(view("a|1", "a", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), member("me", "a|1", 1, 0)));
        LeasePlan plan = planner.plan(partlyAt(1000, coordinator("a", 3, 2, 0), coordinator("r", 9, 2, 0)), ns(1000));
        assertThat(plan.split().otherSides()).isEmpty();
        assertThat(planner.readsAll()).isTrue();
        LeaseRow otherCoordinator = coordinator("r", 9, 3, 0);
        LeaseRow follower = member("s", "r|1", 1, 0);
        plan = planner.plan(
                at(2000, coordinator("a", 3, 3, 0), otherCoordinator, follower, member("me", "a|1", 2, 0)), ns(2000));
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.split()).isEqualTo(new Split("a|1", 2, List.of(new Split.Side(otherCoordinator, 2))));
        plan = planner.plan(partlyAt(3000, coordinator("a", 3, 4, 0)), ns(3000));
        assertThat(plan.split().otherSides()).isEmpty();
        assertThat(planner.readsAll()).isFalse();
        assertThat(planner.known().rows()).containsOnlyKeys("a", "s", "me");
    }

    @Test
    void aCoordinatorThatDiedUnwatchedIsNoOtherSide() {
        planner.viewChanged(view("a|1", "a", "me", "b"));
        plan(at(0, coordinator("a", 3, 1, 0), member("b", "a|1", 5, 0), MINE));
        planner.viewChanged(view("a|2", "a", "me"));
        // It left, formed a cluster of its own, beat and died between two reads, the second of which came in time.
        LeaseRow gone = coordinator("b", 9, 500, 0);
        for (long ms : List.of(2_000L, 3_000L, 4_000L)) {
            assertThat(planner.plan(at(ms, coordinator("a", 2, ms, 0), gone, MINE), ns(ms))
                            .split()
                            .otherSides())
                    .isEmpty();
        }
    }

    @Test
    void eachEntryStartsAboveEveryBeatOfTheOneBefore() {
        LeaseRowFactory lease = new LeaseRowFactory(ME, LEASE_MS);
        long first = lease.entry(ViewInfo.NONE).beat();
        long second = lease.entry(ViewInfo.NONE).beat();
        assertThat(first).isEqualTo(1);
        assertThat(second - first).isGreaterThan(1L << 39);
        assertThat(lease.entry(view("me|1", "me")).coordinator()).isTrue();
    }
}
