package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static io.evenkeel.protocols.lease.CoreFixture.POLICY;
import static io.evenkeel.protocols.lease.CoreFixture.at;
import static io.evenkeel.protocols.lease.CoreFixture.member;
import static io.evenkeel.protocols.lease.CoreFixture.ns;
import static io.evenkeel.protocols.lease.CoreFixture.view;
import static io.evenkeel.protocols.lease.CoreFixture.who;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sides of a split, counted by the rows. */
class SplitObserverTest {
    private static final ViewInfo STALE = view("a|1", "a", "b", "c");
    private static final ViewInfo LATER = view("b|2", "b", "c");

    private static LeaseRow coordinatorOf(String viewId, int claims, long beat) {
        String address = ViewInfo.creator(viewId);
        return new LeaseRow(who(address), true, viewId, claims, beat, 0, LEASE_MS, LeaseRow.FORMAT);
    }

    /** A member that has a view and reads the table. */
    private static final class Watcher {
        private final LeaseObserver observer = new LeaseObserver(POLICY);
        private final SplitObserver splits;
        private ViewInfo view;

        Watcher(String me, ViewInfo first) {
            splits = new SplitObserver(POLICY, who(me), observer);
            install(first);
        }

        void install(ViewInfo next) {
            view = next;
            splits.viewChanged(next);
        }

        void read(long ms, LeaseRow... rows) {
            read(at(ms, rows));
        }

        void read(Snapshot snapshot) {
            observer.observe(snapshot);
            splits.observe(snapshot, true, row -> false, snapshot.receivedNs());
        }

        List<Split.Side> otherSides() {
            return splits.split().otherSides();
        }

        LeaseHealth health() {
            return LeaseHealth.of(view, splits.split());
        }
    }

    private static LeaseHealth watch(String me, ViewInfo view, long pauseMs, long untilMs) {
        Watcher watcher = new Watcher(me, view);
        watcher.read(0, coordinatorOf("a|1", 3, 1), member("b", "a|1", 1, 0), member("c", "a|1", 1, 0));
        LeaseHealth worst = null;
        for (long ms = pauseMs; ms <= untilMs; ms += 1000) {
            // The stopped coordinator goes on to claim three members.
            watcher.read(
                    ms,
                    coordinatorOf("a|1", 3, 100 + ms),
                    coordinatorOf("b|2", 2, 200 + ms),
                    member("c", "b|2", 300 + ms, 0));
            worst = worst instanceof LeaseHealth.Unhealthy ? worst : watcher.health();
        }
        return worst;
    }

    @Test
    void theMajorityIsHealthyWhateverACoordinatorThatWasStoppedClaims() {
        for (String me : LATER.members()) {
            assertThat(watch(me, LATER, 1000, 20_000)).isEqualTo(new LeaseHealth.Healthy());
        }
    }

    @Test
    void aStoppedCoordinatorIsUnhealthyAtItsFirstReadAndLater() {
        assertThat(watch("a", STALE, 60_000, 60_000)).isInstanceOf(LeaseHealth.Unhealthy.class);
        assertThat(watch("a", STALE, 60_000, 90_000)).isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    /** It may be about to install that view: half a lease is the limit, then a beat decides. */
    @Test
    void aLaterViewOfAMemberCountsAtOnceOnlyAfterAStop() {
        long gapMs = POLICY.maxReadGapMs();
        assertThat(watch("a", STALE, gapMs - 1, gapMs - 1)).isEqualTo(new LeaseHealth.Healthy());
        assertThat(watch("a", STALE, gapMs, gapMs)).isEqualTo(new LeaseHealth.Healthy());
        assertThat(watch("a", STALE, gapMs + 1, gapMs + 1)).isInstanceOf(LeaseHealth.Unhealthy.class);
        assertThat(watch("a", STALE, 1000, 2000)).isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    /** A read was under way for as long as the process was stopped, and holds the rows of before. */
    @Test
    void aReadOfBeforeTheStopHidesNoneAfterIt() {
        Watcher watcher = new Watcher("a", STALE);
        Snapshot before = at(0, coordinatorOf("a|1", 3, 1), member("b", "a|1", 1, 0), member("c", "a|1", 1, 0));
        watcher.read(before);
        watcher.read(new Snapshot(before.founder(), before.rows(), ns(1000), ns(60_000), true));
        watcher.read(60_100, coordinatorOf("a|1", 3, 2), coordinatorOf("b|2", 2, 60), member("c", "b|2", 60, 0));
        assertThat(watcher.health()).isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    /** Its row is a lease old at the most, and the others could not write their new view either. */
    @Test
    void aCoordinatorThatDiedWhileTheDatabaseWasAwayIsNoOtherSide() {
        Watcher watcher = new Watcher("b", STALE);
        watcher.read(0, rowOfDead(0), member("b", "a|1", 1, 0), member("c", "a|1", 1, 0));
        watcher.observer.interrupted();
        watcher.install(LATER);
        long backMs = POLICY.maxReadGapMs() + 1;
        watcher.read(backMs, rowOfDead(backMs), member("b", "b|2", 2, 0), member("c", "a|1", 1, backMs));
        assertThat(watcher.health()).isEqualTo(new LeaseHealth.Healthy());
    }

    /** Of two members, the lower address would win. */
    @Test
    void aCoordinatorThatDiedBeforeTheDatabaseWasAwayIsNoOtherSide() {
        Watcher watcher = new Watcher("b", view("a|1", "a", "b"));
        watcher.install(view("b|2", "b"));
        watcher.read(0, rowOfDead(0), member("b", "a|1", 1, 0));
        watcher.read(1000, rowOfDead(1000), coordinatorOf("b|2", 1, 2));
        watcher.observer.interrupted();
        long backMs = 1000 + POLICY.maxReadGapMs() + 1;
        watcher.read(backMs, rowOfDead(backMs), coordinatorOf("b|2", 1, 3));
        assertThat(watcher.health()).isEqualTo(new LeaseHealth.Healthy());
    }

    private static LeaseRow rowOfDead(long ageMs) {
        return new LeaseRow(who("a"), true, "a|1", 3, 1, ageMs, LEASE_MS, LeaseRow.FORMAT);
    }

    @Test
    void aMemberWhoseCoordinatorWentOnWithoutItIsUnhealthy() {
        Watcher watcher = new Watcher("c", STALE);
        for (long ms = 0; ms <= 2000; ms += 1000) {
            watcher.read(
                    ms, coordinatorOf("a|2", 2, 1 + ms), member("b", "a|2", 1 + ms, 0), member("c", "a|1", 1 + ms, 0));
        }
        assertThat(watcher.health()).isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    /** Suspected by one member alone, which then claims what it likes. */
    @Test
    void oneThatLeftTheOthersBehindIsTheMinority() {
        Watcher watcher = new Watcher("a", STALE);
        for (long ms = 0; ms <= 2000; ms += 1000) {
            watcher.read(
                    ms,
                    coordinatorOf("a|1", 3, 1 + ms),
                    coordinatorOf("b|2", 9, 1 + ms),
                    member("c", "a|1", 1 + ms, 0));
        }
        assertThat(watcher.otherSides()).hasSize(1);
        assertThat(watcher.health()).isEqualTo(new LeaseHealth.Healthy());
    }

    /** The coordinator of "a|6" watches c, which coordinates another view for a number of beats, a second each. */
    private static List<Split.Side> watchMember(String viewOfMember, int beats) {
        Watcher watcher = new Watcher("a", view("a|6", "a", "c"));
        for (long beat = 0; beat <= beats; beat++) {
            watcher.read(beat * 1000, coordinatorOf("a|6", 2, beat), coordinatorOf(viewOfMember, 5, beat));
        }
        return watcher.otherSides();
    }

    /** It may be about to install the next one. */
    @ParameterizedTest
    @ValueSource(strings = {"c|1", "c|6"})
    void aMemberThatCoordinatesAViewWhichIsNotLaterIsAnotherSideAfterSomeBeats(String viewOfMember) {
        assertThat(watchMember(viewOfMember, 2)).isEmpty();
        assertThat(watchMember(viewOfMember, 3)).hasSize(1);
    }

    @Test
    void aMemberThatFollowsIsNoOtherSide() {
        Watcher watcher = new Watcher("a", view("a|5", "a"));
        for (long beat = 0; beat <= 8; beat++) {
            if (beat == 4) {
                assertThat(watcher.otherSides()).hasSize(1);
                watcher.install(view("a|6", "a", "c"));
            }
            LeaseRow member = beat < 6 ? coordinatorOf("c|4", 1, beat) : member("c", "a|6", beat, 0);
            watcher.read(beat * 1000, coordinatorOf("a|6", 2, beat), member);
            if (beat >= 4) {
                assertThat(watcher.otherSides()).isEmpty();
            }
        }
        assertThat(watcher.splits.othersPresent()).isFalse();
    }
}
