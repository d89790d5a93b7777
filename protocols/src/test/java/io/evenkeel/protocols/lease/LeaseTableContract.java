package io.evenkeel.protocols.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The promises of {@link LeaseTable}, for the twin and for every database. */
public abstract class LeaseTableContract {
    protected static final String CLUSTER = "keel";
    private static final ViewInfo VIEW = CoreFixture.view("a|4", "a", "b", "c");

    /** A session of its own with one table, which is empty before each test. */
    protected abstract LeaseTable open() throws Exception;

    /** Sets the table's clock, as far as the rows that are there can tell. */
    protected abstract void jumpClock(long byMs) throws Exception;

    /** Lets the table's clock go on by at least a millisecond. */
    protected abstract void passTime() throws Exception;

    protected static LeaseIdentity who(String address, long incarnation) {
        return new LeaseIdentity(CLUSTER, address, "name-" + address, "127.0.0.1:7800", incarnation);
    }

    protected static LeaseRow row(LeaseIdentity who, long beat) {
        return new LeaseRow(who, false, "", 0, beat, 0, 10_000, LeaseRow.FORMAT);
    }

    private static LeaseRow only(LeaseTable table) throws Exception {
        return table.read(CLUSTER).rows().values().iterator().next();
    }

    @Test
    void anEmptyTableHasNoRowsAndNoFounder() throws Exception {
        Snapshot snapshot = open().read(CLUSTER);
        assertThat(snapshot.rows()).isEmpty();
        assertThat(snapshot.founder()).isEqualTo(FounderEpoch.NONE);
        assertThat(snapshot.receivedNs()).isGreaterThanOrEqualTo(snapshot.sentNs());
    }

    @Test
    void whatAMemberWritesOthersRead() throws Exception {
        LeaseRow own =
                new LeaseRow(who("a", Long.MIN_VALUE), true, "a|" + Long.MAX_VALUE, 3, 7, 0, 12_345, LeaseRow.FORMAT);
        open().enter(own);
        LeaseRow read = only(open());
        assertThat(read).usingRecursiveComparison().ignoringFields("ageMs").isEqualTo(own);
        assertThat(read.ageMs()).isBetween(0L, 60_000L);
    }

    @Test
    void textThatDatabasesStumbleOverComesBack() throws Exception {
        String name = "O'Brien \"x\" \\ ; -- ü \u4e2d \ud83d\ude00";
        LeaseIdentity me = new LeaseIdentity(CLUSTER, "a", name, "[fe80::1%eth0]:7800", 1);
        open().enter(row(me, 1));
        assertThat(only(open()).who()).isEqualTo(me);
    }

    @Test
    void clustersDoNotSeeEachOther() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 1));
        table.enter(row(new LeaseIdentity("other", "a", "n", "p", 2), 1));
        assertThat(table.found(0, who("a", 1))).isTrue();
        assertThat(table.read(CLUSTER).rows()).hasSize(1);
        assertThat(table.read("other").rows().get("a").incarnation()).isEqualTo(2);
        assertThat(table.read("other").founder()).isEqualTo(FounderEpoch.NONE);
        assertThat(table.read("KEEL").rows()).isEmpty();
    }

    @Test
    void theCoordinatorsAreReadAloneWithOneMore() throws Exception {
        LeaseTable table = open();
        LeaseRow first = new LeaseRow(who("a", 1), true, "a|1", 2, 7, 0, 10_000, LeaseRow.FORMAT);
        LeaseRow second = new LeaseRow(who("b", 1), true, "b|1", 2, 7, 0, 10_000, LeaseRow.FORMAT);
        table.enter(first);
        table.enter(second);
        table.enter(row(who("c", 1), 1));
        table.enter(row(who("d", 1), 1));
        table.enter(new LeaseRow(
                new LeaseIdentity("other", "e", "n", "p", 2), true, "e|1", 2, 7, 0, 10_000, LeaseRow.FORMAT));
        table.found(0, who("a", 1));
        Snapshot read = table.readCoordinators(CLUSTER, "c");
        assertThat(read.complete()).isFalse();
        assertThat(read.rows()).containsOnlyKeys("a", "b", "c");
        assertThat(read.rows().get("a"))
                .usingRecursiveComparison()
                .ignoringFields("ageMs")
                .isEqualTo(first);
        assertThat(read.founder()).isEqualTo(new FounderEpoch(1, "a", 1));
        assertThat(table.readCoordinators(CLUSTER, "nobody").rows()).containsOnlyKeys("a", "b");
        table.beat(row(who("a", 1), 0));
        assertThat(table.readCoordinators(CLUSTER, "b").rows()).containsOnlyKeys("b");
        assertThat(table.read(CLUSTER).complete()).isTrue();
    }

    @Test
    void theRowsOfOtherClustersAreCounted() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 1));
        assertThat(table.countForeign(CLUSTER)).isZero();
        table.enter(row(new LeaseIdentity("other", "a", "n", "p", 2), 1));
        table.enter(row(new LeaseIdentity("third", "b", "n", "p", 2), 1));
        table.found(0, new LeaseIdentity("third", "b", "n", "p", 2));
        assertThat(table.countForeign(CLUSTER)).isEqualTo(2);
    }

    @Test
    void whereTheClockStandsSpoilsNothing() throws Exception {
        LeaseTable table = open();
        long hourMs = 3_600_000;
        for (long jumpMs : new long[] {hourMs, -hourMs, 87_600 * hourMs, -87_600 * hourMs}) {
            table.enter(row(who("a", 1), 1));
            long beat = only(table).beat();
            jumpClock(jumpMs);
            LeaseRow read = only(table);
            assertThat(read.ageMs()).isBetween(jumpMs, jumpMs + 60_000);
            assertThat(read.beat()).isEqualTo(beat);
            assertThat(table.beat(read)).isTrue();
            assertThat(only(table).ageMs()).isBetween(0L, 60_000L);
            assertThat(only(table).beat()).isEqualTo(beat + 1);
            assertThat(table.evict(only(table))).isTrue();
        }
    }

    @Test
    void anUnknownFormatIsReadAndToldApart() throws Exception {
        LeaseTable table = open();
        LeaseRow newer = new LeaseRow(who("a", 1), true, "a|1", 3, 7, 0, 12_345, LeaseRow.FORMAT + 1);
        table.enter(newer);
        table.enter(row(who("b", 1), 1));
        assertThat(open().read(CLUSTER).rows().get("a"))
                .usingRecursiveComparison()
                .ignoringFields("ageMs")
                .isEqualTo(newer);
        assertThat(table.renew(table.read(CLUSTER).rows().get("a"), VIEW)).isTrue();
        assertThat(table.read(CLUSTER).rows().get("a").format()).isEqualTo(LeaseRow.FORMAT + 1);
        assertThat(table.read(CLUSTER).rows().get("b").format()).isEqualTo(LeaseRow.FORMAT);
    }

    @Test
    void aBeatGrowsAndRenewsTheAge() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 41));
        passTime();
        passTime();
        long oldAgeMs = only(table).ageMs();
        assertThat(table.beat(new LeaseRow(who("a", 1), true, "a|1", 2, 0, 0, 10_000, 1)))
                .isTrue();
        LeaseRow after = only(table);
        assertThat(after.beat()).isEqualTo(42);
        assertThat(after.coordinator()).isTrue();
        assertThat(after.viewId()).isEqualTo("a|1");
        assertThat(oldAgeMs).isPositive();
    }

    @Test
    void aBeatWithoutARowIsFalse() throws Exception {
        LeaseTable table = open();
        assertThat(table.beat(row(who("a", 1), 1))).isFalse();
        table.enter(row(who("a", 1), 1));
        assertThat(table.beat(row(who("a", 2), 1))).isFalse();
        assertThat(only(table).beat()).isEqualTo(1);
    }

    @Test
    void enteringTwiceTakesTheRowOver() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 5));
        table.enter(row(who("a", 2), 1));
        assertThat(only(table).incarnation()).isEqualTo(2);
        assertThat(only(table).beat()).isEqualTo(6);
    }

    @Test
    void anEvictionOfTheObservedBeatDeletes() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 1));
        assertThat(open().evict(only(table))).isTrue();
        assertThat(table.read(CLUSTER).rows()).isEmpty();
        assertThat(open().evict(row(who("a", 1), 1))).isFalse();
    }

    @Test
    void aLateBeatWinsOverAnEvictionAndARenewal() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 1));
        LeaseRow observed = only(table);
        assertThat(table.beat(observed)).isTrue();
        assertThat(open().evict(observed)).isFalse();
        assertThat(open().renew(observed, VIEW)).isFalse();
        assertThat(only(table).beat()).isEqualTo(2);
    }

    @Test
    void anotherIncarnationIsNotEvicted() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 2), 1));
        assertThat(table.evict(row(who("a", 1), 1))).isFalse();
        assertThat(table.renew(row(who("a", 1), 1), VIEW)).isFalse();
    }

    @Test
    void aRenewalIsABeatWithTheViewThatTheMemberIsIn() throws Exception {
        LeaseTable table = open();
        table.enter(new LeaseRow(who("a", 1), false, "b|1", 2, 1, 0, 10_000, 1));
        assertThat(table.renew(only(table), VIEW)).isTrue();
        assertThat(only(table))
                .usingRecursiveComparison()
                .ignoringFields("ageMs")
                .isEqualTo(new LeaseRow(who("a", 1), true, "a|4", 3, 2, 0, 10_000, 1));
        assertThat(table.renew(only(table), CoreFixture.view("b|5", "b", "a"))).isTrue();
        assertThat(only(table).coordinator()).isFalse();
        assertThat(table.readCoordinators(CLUSTER, "").rows()).isEmpty();
    }

    @Test
    void leavingDeletesOnlyTheOwnIncarnation() throws Exception {
        LeaseTable table = open();
        table.enter(row(who("a", 1), 1));
        assertThat(table.leave(who("a", 2))).isFalse();
        assertThat(table.leave(who("a", 1))).isTrue();
        assertThat(table.leave(who("a", 1))).isFalse();
        assertThat(table.read(CLUSTER).rows()).isEmpty();
    }

    @Test
    void anEpochIsFoundedOnce() throws Exception {
        LeaseTable table = open();
        assertThat(table.found(0, who("a", 1))).isTrue();
        assertThat(table.found(0, who("b", 2))).isFalse();
        assertThat(table.read(CLUSTER).founder()).isEqualTo(new FounderEpoch(1, "a", 1));
        assertThat(table.found(2, who("b", 2))).isFalse();
        assertThat(table.found(1, who("b", -2))).isTrue();
        assertThat(table.read(CLUSTER).founder()).isEqualTo(new FounderEpoch(2, "b", -2));
        assertThat(table.read(CLUSTER).rows()).isEmpty();
    }

    @Test
    void ofManyWhoFoundTogetherOneWins() throws Exception {
        int starters = 8;
        ExecutorService pool = Executors.newFixedThreadPool(starters);
        try {
            List<LeaseTable> sessions = new ArrayList<>();
            for (int i = 0; i < starters; i++) {
                sessions.add(open());
            }
            for (long epoch = 0; epoch < 5; epoch++) {
                assertThat(winners(pool, sessions, epoch)).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void beatsAndRenewalsAtOnceAreEachDoneOnceOrNot() throws Exception {
        int sessions = 4;
        ExecutorService pool = Executors.newFixedThreadPool(sessions);
        try {
            LeaseIdentity me = who("a", 1);
            open().enter(row(me, 1));
            CyclicBarrier together = new CyclicBarrier(sessions);
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                LeaseTable session = open();
                boolean member = i == 0;
                done.add(pool.submit(() -> {
                    int successes = 0;
                    together.await(120, TimeUnit.SECONDS);
                    for (int round = 0; round < 50; round++) {
                        boolean success = member ? session.beat(row(me, 0)) : session.renew(only(session), VIEW);
                        successes += success ? 1 : 0;
                    }
                    return successes;
                }));
            }
            long beat = 1;
            for (Future<Integer> each : done) {
                beat += each.get();
            }
            assertThat(done.get(0).get()).isEqualTo(50);
            assertThat(only(open()).beat()).isEqualTo(beat);
        } finally {
            pool.shutdownNow();
        }
    }

    private static int winners(ExecutorService pool, List<LeaseTable> sessions, long epoch) throws Exception {
        CyclicBarrier together = new CyclicBarrier(sessions.size());
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (LeaseTable session : sessions) {
            LeaseIdentity me = who("m" + sessions.indexOf(session), 1);
            attempts.add(() -> {
                together.await(120, TimeUnit.SECONDS);
                return session.found(epoch, me);
            });
        }
        int winners = 0;
        for (Future<Boolean> attempt : pool.invokeAll(attempts)) {
            winners += attempt.get() ? 1 : 0;
        }
        return winners;
    }
}
