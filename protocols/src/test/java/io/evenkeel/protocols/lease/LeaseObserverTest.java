package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static io.evenkeel.protocols.lease.CoreFixture.POLICY;
import static io.evenkeel.protocols.lease.CoreFixture.at;
import static io.evenkeel.protocols.lease.CoreFixture.ns;
import static io.evenkeel.protocols.lease.CoreFixture.partlyAt;
import static io.evenkeel.protocols.lease.CoreFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseObserverTest {
    private static final long OLD_MS = 1_000_000_000;
    private final LeaseObserver observer = new LeaseObserver(POLICY);

    private void watch(long fromMs, long toMs, LeaseRow row) {
        for (long ms = fromMs; ms < toMs; ms += 1000) {
            observer.observe(at(ms, row));
        }
        observer.observe(at(toMs, row));
    }

    @Test
    void nobodyIsDeadOnAStoredTimeAlone() {
        LeaseRow row = row("a", 1, OLD_MS);
        observer.observe(at(0, row));
        assertThat(observer.expired(row)).isFalse();
        assertThat(observer.unchangedMs(row)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"5999, false", "6000, false", "6001, true"})
    void itHasToBeWatchedOverALease(long watchedMs, boolean expired) {
        LeaseRow row = row("a", 1, OLD_MS);
        watch(0, watchedMs, row);
        assertThat(observer.expired(row)).isEqualTo(expired);
    }

    @ParameterizedTest
    @ValueSource(longs = {OLD_MS, LEASE_MS + 1, LEASE_MS, 0, -1, -OLD_MS})
    void aDatabaseWhoseClockWasSetKeepsNoDeadRow(long ageMs) {
        LeaseRow row = row("a", 1, ageMs);
        watch(0, LEASE_MS, row);
        assertThat(observer.expired(row)).isFalse();
        observer.observe(at(LEASE_MS + 1, row));
        assertThat(observer.expired(row)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2999, true", "3000, true", "3001, false"})
    void readsTooFarApartDoNotAddUp(long gapMs, boolean addUp) {
        LeaseRow row = row("a", 1, OLD_MS);
        watch(0, 5000, row);
        observer.observe(at(5000 + gapMs, row));
        assertThat(observer.unchangedMs(row)).isEqualTo(addUp ? 5000 + gapMs : 0);
    }

    @Test
    void aFailedReadStartsTheWatchAnew() {
        LeaseRow row = row("a", 1, OLD_MS);
        watch(0, LEASE_MS, row);
        observer.interrupted();
        observer.observe(at(LEASE_MS + 1, row));
        assertThat(observer.expired(row)).isFalse();
        watch(LEASE_MS + 2, 2 * LEASE_MS + 2, row);
        assertThat(observer.expired(row)).isTrue();
    }

    @Test
    void aBeatStartsTheWatchAnew() {
        watch(0, LEASE_MS, row("a", 1, OLD_MS));
        LeaseRow beaten = row("a", 2, OLD_MS);
        observer.observe(at(LEASE_MS + 1, beaten));
        assertThat(observer.expired(beaten)).isFalse();
        assertThat(observer.beating(beaten)).isTrue();
    }

    @Test
    void beatingIsWhatChangedUnderOurEyesWithinALease() {
        LeaseRow first = row("a", 1, 0);
        observer.observe(at(0, first));
        assertThat(observer.beating(first)).isFalse();
        LeaseRow second = row("a", 2, 0);
        watch(1000, 1000 + LEASE_MS, second);
        assertThat(observer.beating(second)).isTrue();
        observer.observe(at(1000 + LEASE_MS + 1, second));
        assertThat(observer.beating(second)).isFalse();
    }

    @Test
    void anotherIncarnationIsAnotherRow() {
        watch(0, 2 * LEASE_MS, row("a", 1, OLD_MS));
        LeaseIdentity again = new LeaseIdentity("keel", "a", "n", "p", 2);
        LeaseRow restarted = new LeaseRow(again, false, "", 0, 1, OLD_MS, LEASE_MS, 1);
        assertThat(observer.unchangedMs(restarted)).isZero();
        observer.observe(at(2 * LEASE_MS + 1, restarted));
        assertThat(observer.expired(restarted)).isFalse();
        assertThat(observer.beating(restarted)).isFalse();
    }

    @Test
    void aRowIsWatchedOnlyByReadsThatHoldIt() {
        LeaseRow seldom = row("a", 1, OLD_MS);
        LeaseRow always = row("b", 1, OLD_MS);
        observer.observe(at(0, seldom, always));
        for (long ms = 1000; ms <= LEASE_MS; ms += 1000) {
            observer.observe(partlyAt(ms, always));
        }
        observer.observe(at(LEASE_MS + 1, seldom, always));
        assertThat(observer.expired(always)).isTrue();
        assertThat(observer.expired(seldom)).isFalse();
        assertThat(observer.unchangedMs(seldom)).isZero();
        LeaseRow beaten = row("a", 2, OLD_MS);
        observer.observe(at(2 * LEASE_MS, beaten, always));
        assertThat(observer.beating(beaten))
                .as("a change that nobody watched may be long ago")
                .isFalse();
    }

    @Test
    void aSlowReadCountsFromItsAnswerToTheNextSending() {
        LeaseRow row = row("a", 1, OLD_MS);
        observer.observe(new Snapshot(FounderEpoch.NONE, Map.of("a", row), ns(0), ns(2000), true));
        observer.observe(new Snapshot(FounderEpoch.NONE, Map.of("a", row), ns(2500), ns(4000), true));
        assertThat(observer.unchangedMs(row)).isEqualTo(500);
    }
}
