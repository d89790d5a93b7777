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

    private static LeaseHealth watch(String me, ViewInfo view, long pauseMs, long untilMs) {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who(me), observer);
        splits.viewChanged(view);
        Snapshot before = at(0, coordinatorOf("a|1", 3, 1), member("b", "a|1", 1, 0), member("c", "a|1", 1, 0));
        observer.observe(before);
        splits.observe(before, true, row -> false, ns(0));
        LeaseHealth worst = null;
        for (long ms = pauseMs; ms <= untilMs; ms += 1000) {
            // The stopped coordinator goes on to claim three members.
            Snapshot now = at(
                    ms,
                    coordinatorOf("a|1", 3, 100 + ms),
                    coordinatorOf("b|2", 2, 200 + ms),
                    member("c", "b|2", 300 + ms, 0));
            observer.observe(now);
            splits.observe(now, true, row -> false, ns(ms));
            LeaseHealth health = LeaseHealth.of(view, splits.split());
            worst = worst instanceof LeaseHealth.Unhealthy ? worst : health;
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
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("a"), observer);
        splits.viewChanged(STALE);
        Snapshot before = at(0, coordinatorOf("a|1", 3, 1), member("b", "a|1", 1, 0), member("c", "a|1", 1, 0));
        Snapshot late = new Snapshot(before.founder(), before.rows(), ns(1000), ns(60_000), true);
        Snapshot now = at(60_100, coordinatorOf("a|1", 3, 2), coordinatorOf("b|2", 2, 60), member("c", "b|2", 60, 0));
        for (Snapshot read : List.of(before, late, now)) {
            observer.observe(read);
            splits.observe(read, true, row -> false, read.receivedNs());
        }
        assertThat(LeaseHealth.of(STALE, splits.split())).isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    /** Its row is a lease old at the most, and the others could not write their new view either. */
    @Test
    void aCoordinatorThatDiedWhileTheDatabaseWasAwayIsNoOtherSide() {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("b"), observer);
        splits.viewChanged(STALE);
        read(observer, splits, 0, rowOfDead(0), member("b", "a|1", 1, 0), member("c", "a|1", 1, 0));
        observer.interrupted();
        splits.viewChanged(LATER);
        long backMs = POLICY.maxReadGapMs() + 1;
        read(observer, splits, backMs, rowOfDead(backMs), member("b", "b|2", 2, 0), member("c", "a|1", 1, backMs));
        assertThat(LeaseHealth.of(LATER, splits.split())).isEqualTo(new LeaseHealth.Healthy());
    }

    /** Of two members, the lower address would win. */
    @Test
    void aCoordinatorThatDiedBeforeTheDatabaseWasAwayIsNoOtherSide() {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("b"), observer);
        ViewInfo alone = view("b|2", "b");
        splits.viewChanged(view("a|1", "a", "b"));
        splits.viewChanged(alone);
        read(observer, splits, 0, rowOfDead(0), member("b", "a|1", 1, 0));
        read(observer, splits, 1000, rowOfDead(1000), coordinatorOf("b|2", 1, 2));
        observer.interrupted();
        long backMs = 1000 + POLICY.maxReadGapMs() + 1;
        read(observer, splits, backMs, rowOfDead(backMs), coordinatorOf("b|2", 1, 3));
        assertThat(LeaseHealth.of(alone, splits.split())).isEqualTo(new LeaseHealth.Healthy());
    }

    private static LeaseRow rowOfDead(long ageMs) {
        return new LeaseRow(who("a"), true, "a|1", 3, 1, ageMs, LEASE_MS, LeaseRow.FORMAT);
    }

    private static void read(LeaseObserver observer, SplitObserver splits, long ms, LeaseRow... rows) {
        Snapshot now = at(ms, rows);
        observer.observe(now);
        splits.observe(now, true, row -> false, ns(ms));
    }

    @Test
    void aMemberWhoseCoordinatorWentOnWithoutItIsUnhealthy() {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("c"), observer);
        splits.viewChanged(STALE);
        for (long ms = 0; ms <= 2000; ms += 1000) {
            Snapshot now = at(
                    ms, coordinatorOf("a|2", 2, 1 + ms), member("b", "a|2", 1 + ms, 0), member("c", "a|1", 1 + ms, 0));
            observer.observe(now);
            splits.observe(now, true, row -> false, ns(ms));
        }
        assertThat(LeaseHealth.of(STALE, splits.split())).isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    /** Suspected by one member alone, which then claims what it likes. */
    @Test
    void oneThatLeftTheOthersBehindIsTheMinority() {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("a"), observer);
        splits.viewChanged(STALE);
        for (long ms = 0; ms <= 2000; ms += 1000) {
            Snapshot now = at(
                    ms,
                    coordinatorOf("a|1", 3, 1 + ms),
                    coordinatorOf("b|2", 9, 1 + ms),
                    member("c", "a|1", 1 + ms, 0));
            observer.observe(now);
            splits.observe(now, true, row -> false, ns(ms));
        }
        assertThat(splits.split().otherSides()).hasSize(1);
        assertThat(LeaseHealth.of(STALE, splits.split())).isEqualTo(new LeaseHealth.Healthy());
    }

    /** The coordinator of "a|6" watches c, which coordinates another view for a number of beats, a second each. */
    private static Split watchMember(String viewOfMember, int beats) {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("a"), observer);
        splits.viewChanged(view("a|6", "a", "c"));
        for (long beat = 0; beat <= beats; beat++) {
            Snapshot now = at(beat * 1000, coordinatorOf("a|6", 2, beat), coordinatorOf(viewOfMember, 5, beat));
            observer.observe(now);
            splits.observe(now, true, row -> false, ns(beat * 1000));
        }
        return splits.split();
    }

    /** It may be about to install the next one. */
    @ParameterizedTest
    @ValueSource(strings = {"c|1", "c|6"})
    void aMemberThatCoordinatesAViewWhichIsNotLaterIsAnotherSideAfterSomeBeats(String viewOfMember) {
        assertThat(watchMember(viewOfMember, 2).otherSides()).isEmpty();
        assertThat(watchMember(viewOfMember, 3).otherSides()).hasSize(1);
    }

    @Test
    void aMemberThatFollowsIsNoOtherSide() {
        LeaseObserver observer = new LeaseObserver(POLICY);
        SplitObserver splits = new SplitObserver(POLICY, who("a"), observer);
        splits.viewChanged(view("a|5", "a"));
        for (long beat = 0; beat <= 8; beat++) {
            if (beat == 4) {
                assertThat(splits.split().otherSides()).hasSize(1);
                splits.viewChanged(view("a|6", "a", "c"));
            }
            LeaseRow member = beat < 6 ? coordinatorOf("c|4", 1, beat) : member("c", "a|6", beat, 0);
            Snapshot now = at(beat * 1000, coordinatorOf("a|6", 2, beat), member);
            observer.observe(now);
            splits.observe(now, true, row -> false, ns(beat * 1000));
            if (beat >= 4) {
                assertThat(splits.split().otherSides()).isEmpty();
            }
        }
        assertThat(splits.othersPresent()).isFalse();
    }
}
