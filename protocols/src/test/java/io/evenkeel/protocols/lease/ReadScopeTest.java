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
    private final LeaseKeeper keeper = new LeaseKeeper(POLICY, ME, false);

    private void plan(Snapshot snapshot) {
        keeper.plan(snapshot, snapshot.receivedNs());
    }

    @Test
    void aJoinerAndACoordinatorReadAll() {
        assertThat(keeper.readsAll()).isTrue();
        plan(at(0, MINE));
        assertThat(keeper.readsAll()).isTrue();
        keeper.viewChanged(view("me|1", "me", "b"));
        plan(at(0, MINE));
        assertThat(keeper.readsAll()).isTrue();
    }

    @Test
    void aMemberReadsAllOnceAfterAViewAndAnOutage() {
        keeper.viewChanged(view("a|1", "a", "b", "me"));
        assertThat(keeper.readsAll()).isTrue();
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        assertThat(keeper.readsAll()).isFalse();
        keeper.interrupted();
        assertThat(keeper.readsAll()).isTrue();
        plan(at(1000, coordinator("a", 3, 2, 0), MINE));
        assertThat(keeper.readsAll()).isFalse();
        keeper.viewChanged(view("a|2", "a", "b", "me", "c"));
        assertThat(keeper.readsAll()).isTrue();
    }

    @Test
    void aMemberLooksAgainWhenTheDeadMustBeGone() {
        keeper.viewChanged(view("a|1", "a", "b", "me"));
        LeaseRow dead = row("dead", 1, 0);
        plan(at(0, coordinator("a", 3, 1, 0), dead, MINE));
        plan(partlyAt(2 * LEASE_MS - 1, coordinator("a", 3, 2, 0)));
        assertThat(keeper.readsAll()).isFalse();
        assertThat(keeper.known().rows()).containsKey("dead");
        plan(partlyAt(2 * LEASE_MS, coordinator("a", 3, 3, 0)));
        assertThat(keeper.readsAll()).isTrue();
        plan(at(2 * LEASE_MS + 1000, coordinator("a", 3, 4, 0), MINE));
        assertThat(keeper.known().rows()).containsOnlyKeys("a", "me");
        plan(partlyAt(9 * LEASE_MS, coordinator("a", 3, 5, 0)));
        assertThat(keeper.readsAll()).isFalse();
    }

    @Test
    void theSecondStandsInForACoordinatorThatIsOverdue() {
        keeper.viewChanged(view("a|1", "a", "me", "b"));
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        for (long ms = 500; ms <= OVERDUE_MS; ms += 500) {
            plan(partlyAt(ms, coordinator("a", 3, 1, 0)));
            assertThat(keeper.readsAll()).isFalse();
        }
        plan(partlyAt(OVERDUE_MS + 1, coordinator("a", 3, 1, 0)));
        assertThat(keeper.readsAll()).isTrue();
        // Beats on its behalf do not end that at once, or nobody else would be watched long enough.
        plan(at(OVERDUE_MS + 2, coordinator("a", 3, 2, 0), MINE));
        plan(at(OVERDUE_MS + 2 * LEASE_MS, coordinator("a", 3, 9, 0), MINE));
        assertThat(keeper.readsAll()).isTrue();
        plan(at(OVERDUE_MS + 2 * LEASE_MS + 1, coordinator("a", 3, 10, 0), MINE));
        assertThat(keeper.readsAll()).isFalse();
    }

    @Test
    void theOthersWaitWhetherTheSecondDoes() {
        keeper.viewChanged(view("a|1", "a", "b", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        long ms = 0;
        while (ms <= OVERDUE_MS + 2000) {
            ms += 500;
            plan(partlyAt(ms, coordinator("a", 3, 1, 0)));
            if (ms < OVERDUE_MS + 500 + 2000) {
                assertThat(keeper.readsAll()).as("at " + ms).isFalse();
            }
        }
        assertThat(keeper.readsAll()).isTrue();
    }

    @Test
    void aCoordinatorWithoutARowIsOverdue() {
        keeper.viewChanged(view("a|1", "a", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), MINE));
        plan(partlyAt(1000));
        assertThat(keeper.readsAll()).isTrue();
    }

    @Test
    void aMemberThatReadsCoordinatorsJudgesNobodyElse() {
        keeper.viewChanged(view("a|1", "a", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), row("dead", 1, 9 * LEASE_MS), MINE));
        for (long ms = 1000; ms <= 3 * LEASE_MS; ms += 1000) {
            assertThat(keeper.plan(partlyAt(ms, coordinator("a", 3, ms, 0)), ns(ms))
                            .chores())
                    .isEmpty();
        }
        assertThat(keeper.known().rows()).containsOnlyKeys("a", "dead", "me");
    }

    /** The sides of a split are counted, for which a read of coordinators is not enough. */
    @Test
    void allReadAllWhileAnotherCoordinatorStandsInTheTable() {
        keeper.viewChanged(view("a|1", "a", "me"));
        plan(at(0, coordinator("a", 3, 1, 0), member("me", "a|1", 1, 0)));
        LeasePlan plan = keeper.plan(partlyAt(1000, coordinator("a", 3, 2, 0), coordinator("r", 9, 2, 0)), ns(1000));
        assertThat(plan.split().rivals()).isEmpty();
        assertThat(keeper.readsAll()).isTrue();
        LeaseRow rival = coordinator("r", 9, 3, 0);
        LeaseRow follower = member("s", "r|1", 1, 0);
        plan = keeper.plan(at(2000, coordinator("a", 3, 3, 0), rival, follower, member("me", "a|1", 2, 0)), ns(2000));
        assertThat(plan.chores()).isEmpty();
        assertThat(plan.split()).isEqualTo(new Split("a|1", 2, List.of(new Split.Rival(rival, 2))));
        plan = keeper.plan(partlyAt(3000, coordinator("a", 3, 4, 0)), ns(3000));
        assertThat(plan.split().rivals()).isEmpty();
        assertThat(keeper.readsAll()).isFalse();
        assertThat(keeper.known().rows()).containsOnlyKeys("a", "s", "me");
    }

    @Test
    void aRivalThatDiedUnwatchedIsNoRival() {
        keeper.viewChanged(view("a|1", "a", "me", "b"));
        plan(at(0, coordinator("a", 3, 1, 0), member("b", "a|1", 5, 0), MINE));
        keeper.viewChanged(view("a|2", "a", "me"));
        // It left, formed a cluster of its own, beat and died between two reads, the second of which came in time.
        LeaseRow gone = coordinator("b", 9, 500, 0);
        for (long ms : List.of(2_000L, 3_000L, 4_000L)) {
            assertThat(keeper.plan(at(ms, coordinator("a", 2, ms, 0), gone, MINE), ns(ms))
                            .split()
                            .rivals())
                    .isEmpty();
        }
    }

    @Test
    void eachEntryStartsAboveEveryBeatOfTheOneBefore() {
        OwnLease lease = new OwnLease(ME, LEASE_MS);
        long first = lease.entry(ViewInfo.NONE).beat();
        long second = lease.entry(ViewInfo.NONE).beat();
        assertThat(first).isEqualTo(1);
        assertThat(second - first).isGreaterThan(1L << 39);
        assertThat(lease.entry(view("me|1", "me")).coordinator()).isTrue();
    }
}
