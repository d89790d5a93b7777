package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static io.evenkeel.protocols.lease.CoreFixture.ME;
import static io.evenkeel.protocols.lease.CoreFixture.POLICY;
import static io.evenkeel.protocols.lease.CoreFixture.answer;
import static io.evenkeel.protocols.lease.CoreFixture.at;
import static io.evenkeel.protocols.lease.CoreFixture.coordinator;
import static io.evenkeel.protocols.lease.CoreFixture.member;
import static io.evenkeel.protocols.lease.CoreFixture.ns;
import static io.evenkeel.protocols.lease.CoreFixture.ofFormerVersion;
import static io.evenkeel.protocols.lease.CoreFixture.row;
import static io.evenkeel.protocols.lease.CoreFixture.view;
import static io.evenkeel.protocols.lease.CoreFixture.who;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.lease.ProbeVerdict.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeasePlannerTest {
    private static final long OLD_MS = 1_000_000_000;
    private final LeasePlanner plain = new LeasePlanner(POLICY, ME, false);
    private final LeasePlanner probing = new LeasePlanner(POLICY, ME, true);

    private static LeaseRow mine(long ms) {
        return row("me", ms, 0);
    }

    private static LeasePlan watch(LeasePlanner planner, long fromMs, long toMs, LeaseRow... others) {
        LeasePlan plan = null;
        for (long ms = fromMs; ms <= toMs; ms += 1000) {
            LeaseRow[] rows = java.util.Arrays.copyOf(others, others.length + 1);
            rows[others.length] = mine(ms);
            plan = planner.plan(at(ms, rows), ns(ms));
        }
        return plan;
    }

    private LeasePlan answered(LeaseRow row, Kind kind) {
        return answered(probing, row, new ProbeVerdict(kind, kind.name()));
    }

    private static LeasePlan answered(LeasePlanner planner, LeaseRow row, ProbeVerdict verdict) {
        planner.plan(at(0, row, mine(0)), 0);
        planner.probed(row, verdict, ns(1));
        return planner.plan(at(2, row, mine(0)), ns(2));
    }

    @Test
    void onAnEmptyTableOneTriesToFound() {
        assertThat(plain.plan(at(0, mine(0)), 0).step()).isEqualTo(new JoinStep.TryToFound(0));
    }

    @Test
    void withoutAnOwnRowNothingIsDecided() {
        assertThat(plain.plan(at(0), 0).step()).isInstanceOf(JoinStep.Wait.class);
    }

    @Test
    void aFoundingWhoseAnswerWasLostIsRecognised() {
        FounderEpoch mine = new FounderEpoch(4, "me", 1);
        assertThat(plain.plan(at(0, mine, mine(0)), 0).step()).isEqualTo(new JoinStep.Found(4));
        FounderEpoch before = new FounderEpoch(4, "me", 2);
        assertThat(plain.plan(at(1, before, mine(0)), 0).step()).isEqualTo(new JoinStep.TryToFound(4));
    }

    @Test
    void aStarterIsNotInTheWayUnlessItIsTheFounder() {
        LeaseRow starter = row("a", 1, 0);
        assertThat(plain.plan(at(0, starter, mine(0)), 0).step()).isEqualTo(new JoinStep.TryToFound(0));
        FounderEpoch founder = new FounderEpoch(1, "a", 1);
        assertThat(plain.plan(at(1, founder, starter, mine(0)), 0).step()).isInstanceOf(JoinStep.Wait.class);
        FounderEpoch formerStart = new FounderEpoch(1, "a", 2);
        assertThat(plain.plan(at(2, formerStart, starter, mine(0)), 0).step()).isEqualTo(new JoinStep.TryToFound(1));
    }

    @Test
    void aMemberOfAViewIsInTheWayEvenWithoutItsCoordinator() {
        LeaseRow member = member("b", "a|4", 1, 0);
        assertThat(plain.plan(at(0, member, mine(0)), 0).step()).isInstanceOf(JoinStep.Wait.class);
    }

    @Test
    void withoutProbesAValidLeaseIsNotJoinedBeforeItBeats() {
        LeaseRow former = ofFormerVersion(coordinator("a", 1, 1, 0));
        assertThat(plain.plan(at(0, former, mine(0)), 0).step()).isInstanceOf(JoinStep.Wait.class);
        LeaseRow beaten = ofFormerVersion(coordinator("a", 1, 2, 0));
        assertThat(plain.plan(at(1, beaten, mine(0)), 0).step()).isEqualTo(new JoinStep.Join(beaten.who()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoReadsOurRowIsJoinedHoweverOldItsOwn(boolean canProbe) {
        LeaseRow coordinator = coordinator("a", 1, 1, OLD_MS);
        LeasePlan plan = answered(canProbe ? probing : plain, coordinator, answer(Attestation.Kind.SEEN));
        assertThat(plan.step()).isEqualTo(new JoinStep.Join(coordinator.who()));
    }

    /** The row is in a copy of the table that the member uses. */
    @ParameterizedTest
    @EnumSource(Attestation.Kind.class)
    void anAnswerWithoutProofMakesNobodyAMemberOfThisTable(Attestation.Kind kind) {
        LeaseRow copied = coordinator("a", 3, 1, 500);
        for (long ms = 0; ms <= LEASE_MS; ms += 1000) {
            LeasePlan plan = probing.plan(at(ms, copied, mine(ms)), ns(ms));
            probing.probed(copied, answer(kind), ns(ms));
            if (kind == Attestation.Kind.SEEN && ms > 0) {
                assertThat(plan.step()).isEqualTo(new JoinStep.Join(copied.who()));
            } else {
                assertThat(plan.step()).isInstanceOf(JoinStep.Wait.class);
                assertThat(plan.actions()).doesNotHaveAnyElementsOfTypes(LeaseAction.Evict.class);
            }
        }
        LeasePlan plan = probing.plan(at(LEASE_MS + 1, copied, mine(LEASE_MS)), ns(LEASE_MS + 1));
        assertThat(plan.actions().stream().anyMatch(LeaseAction.Evict.class::isInstance))
                .isEqualTo(kind != Attestation.Kind.SEEN);
    }

    @Test
    void aCopyIsNamedWithItsRemedy() {
        LeaseRow copied = coordinator("a", 3, 1, 500);
        LeasePlan plan = answered(probing, copied, answer(Attestation.Kind.NOT_SEEN));
        assertThat(plan.step()).isInstanceOfSatisfying(JoinStep.Wait.class, wait -> assertThat(wait.joinReport())
                .singleElement()
                .asString()
                .contains("n-a", "10.0.0.1:a", "has not changed here", "copy", "name of its own"));
    }

    /** Replication from the table that the member uses to ours. */
    @Test
    void whoSaysThatItUsesAnotherTableIsNeitherJoinedNorFoundedBesideWhileItsRowBeats() {
        for (long ms = 0; ms < 10 * LEASE_MS; ms += 1000) {
            LeaseRow replicated = coordinator("a", 3, 2 + ms, 500);
            LeasePlan plan = probing.plan(at(ms, replicated, mine(ms)), ns(ms));
            assertThat(plan.step()).isInstanceOf(JoinStep.Wait.class);
            assertThat(plan.actions()).doesNotHaveAnyElementsOfTypes(LeaseAction.Evict.class);
            probing.probed(replicated, answer(Attestation.Kind.NOT_SEEN), ns(ms));
        }
    }

    @Test
    void aCoordinatorOfAnotherTableIsReportedAndNotMergedWith() {
        probing.viewChanged(view("me|7", "me"));
        int warnings = 0;
        for (long ms = 0; ms < 5 * LEASE_MS; ms += 1000) {
            LeaseRow replicated = coordinator("a", 3, 2 + ms, 500);
            LeasePlan plan = probing.plan(at(ms, replicated, mine(ms)), ns(ms));
            assertThat(plan.actions()).doesNotHaveAnyElementsOfTypes(LeaseAction.Merge.class, LeaseAction.Evict.class);
            warnings += (int) plan.actions().stream()
                    .filter(LeaseAction.WarnUnmerged.class::isInstance)
                    .count();
            if (ms > 2000) {
                assertThat(plan.split().otherSides()).isEmpty();
            }
            probing.probed(replicated, answer(Attestation.Kind.NOT_SEEN), ns(ms));
        }
        assertThat(warnings).isEqualTo(1);
        assertThat(probing.proven()).containsExactly("me");
    }

    /** The coordinator does not reach the table; or its row has gone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMemberVouchesForItsCoordinator(boolean hasRow) {
        LeaseRow member = member("b", "a|4", 1, 0);
        LeaseRow stale = member("a", "z|3", 1, 0);
        LeaseRow[] rows = hasRow ? new LeaseRow[] {stale, member, mine(0)} : new LeaseRow[] {member, mine(0)};
        probing.plan(at(0, rows), 0);
        if (hasRow) {
            probing.probed(stale, answer(Attestation.Kind.UNREADABLE), ns(1));
        }
        probing.probed(member, answer(Attestation.Kind.SEEN), ns(1));
        assertThat(probing.plan(at(2, rows), ns(2)).step()).isEqualTo(new JoinStep.Join(who("a")));
    }

    @Test
    void aCoordinatorThatCannotBeReachedIsNotJoinedOnAnotherOnesWord() {
        LeaseRow member = member("b", "a|4", 1, 0);
        LeaseRow stale = member("a", "z|3", 1, 0);
        probing.plan(at(0, stale, member, mine(0)), 0);
        probing.probed(stale, new ProbeVerdict(Kind.SILENT, "no answer"), ns(1));
        probing.probed(member, answer(Attestation.Kind.SEEN), ns(1));
        assertThat(probing.plan(at(2, stale, member, mine(0)), ns(2)).step()).isInstanceOf(JoinStep.Wait.class);
    }

    @Test
    void membersAreAskedOnceNoCoordinatorsRowIsEnough() {
        LeaseRow member = member("b", "a|4", 1, 0);
        LeaseRow unproven = coordinator("a", 2, 1, 0);
        assertThat(probing.plan(at(0, unproven, member, mine(0)), 0).actions())
                .containsExactly(new LeaseAction.Probe(unproven));
        probing.probed(unproven, answer(Attestation.Kind.UNREADABLE), ns(1));
        assertThat(probing.plan(at(2, unproven, member, mine(0)), ns(2)).actions())
                .containsExactly(new LeaseAction.Probe(member));
    }

    @Test
    void withoutProbesAStaleRowIsWatchedUntilItRunsOut() {
        LeaseRow stale = coordinator("a", 1, 1, LEASE_MS + 1);
        assertThat(watch(plain, 0, LEASE_MS, stale).step()).isInstanceOf(JoinStep.Wait.class);
        LeasePlan plan = plain.plan(at(LEASE_MS + 1, stale, mine(9)), 0);
        assertThat(plan.actions())
                .hasOnlyElementsOfType(LeaseAction.Evict.class)
                .hasSize(1);
        assertThat(plan.step()).isInstanceOf(JoinStep.Wait.class);
        assertThat(plain.plan(at(LEASE_MS + 2, mine(9)), 0).step()).isEqualTo(new JoinStep.TryToFound(0));
    }

    @Test
    void aStaleRowThatBeatsAfterAllIsJoined() {
        plain.plan(at(0, ofFormerVersion(coordinator("a", 1, 1, OLD_MS)), mine(0)), 0);
        LeaseRow beaten = ofFormerVersion(coordinator("a", 1, 2, OLD_MS));
        assertThat(plain.plan(at(1, beaten, mine(0)), 0).step()).isEqualTo(new JoinStep.Join(beaten.who()));
    }

    @Test
    void whoDidNotAnswerAJoinIsOfferedLast() {
        LeaseRow a = coordinator("a", 5, 1, 0);
        LeaseRow b = coordinator("b", 2, 1, 0);
        plain.plan(at(0, b, a, mine(0)), 0);
        plain.probed(a, answer(Attestation.Kind.SEEN), 0);
        plain.probed(b, answer(Attestation.Kind.SEEN), 0);
        assertThat(plain.plan(at(0, b, a, mine(0)), 0).step()).isEqualTo(new JoinStep.Join(a.who()));
        assertThat(plain.plan(at(1, b, a, mine(0)), 0).step()).isEqualTo(new JoinStep.Join(b.who()));
        assertThat(plain.plan(at(2, b, a, mine(0)), 0).step()).isEqualTo(new JoinStep.Join(a.who()));
    }

    @Test
    void aCandidateIsAskedBeforeItIsJoined() {
        LeaseRow coordinator = coordinator("a", 1, 1, 0);
        LeasePlan plan = probing.plan(at(0, coordinator, mine(0)), 0);
        assertThat(plan.actions()).containsExactly(new LeaseAction.Probe(coordinator));
        assertThat(plan.step()).isInstanceOf(JoinStep.Wait.class);
    }

    @Test
    void whoIsReplacedIsEvictedAtOnce() {
        LeaseRow coordinator = coordinator("a", 1, 1, 0);
        assertThat(answered(coordinator, Kind.REPLACED).actions()).hasOnlyElementsOfType(LeaseAction.Evict.class);
    }

    @ParameterizedTest
    @CsvSource({"1999, false", "2000, false", "2001, true", "-1, false"})
    void whoRefusesIsEvictedOnceALiveMemberWouldHaveBeaten(long ageMs, boolean evicted) {
        LeasePlan plan = answered(coordinator("a", 1, 1, ageMs), Kind.REFUSED);
        assertThat(plan.actions().stream().anyMatch(LeaseAction.Evict.class::isInstance))
                .isEqualTo(evicted);
        assertThat(plan.step()).isInstanceOf(JoinStep.Wait.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"REFUSED", "REPLACED", "SILENT", "REJECTED"})
    void whoBeatsButCannotBeReachedIsNeitherEvictedNorFoundedBeside(Kind kind) {
        for (long ms = 0; ms < 10 * LEASE_MS; ms += 1000) {
            LeaseRow coordinator = coordinator("a", 3, 2 + ms, 500);
            LeasePlan plan = probing.plan(at(ms, coordinator, mine(ms)), ns(ms));
            if (ms > 0) {
                assertThat(plan.actions()).hasOnlyElementsOfType(LeaseAction.Probe.class);
                assertThat(plan.step())
                        .isInstanceOfSatisfying(JoinStep.Wait.class, wait -> assertThat(wait.joinReport())
                                .singleElement()
                                .asString()
                                .contains("n-a", "10.0.0.1:a", "check"));
            }
            probing.probed(coordinator, new ProbeVerdict(kind, "no answer"), ns(ms) + 1);
        }
    }

    @Test
    void whoIsSilentIsDeadOnlyWhenItsLeaseRunsOutUnderOurEyes() {
        LeaseRow silent = coordinator("a", 1, 1, OLD_MS);
        answered(silent, Kind.SILENT);
        assertThat(watch(probing, 1000, LEASE_MS, silent).actions())
                .doesNotHaveAnyElementsOfTypes(LeaseAction.Evict.class);
        assertThat(watch(probing, LEASE_MS + 1, LEASE_MS + 1, silent).actions())
                .hasOnlyElementsOfType(LeaseAction.Evict.class);
    }

    @Test
    void aRowWithOurOwnAddressIsAFormerStartUnlessItBeats() {
        LeaseIdentity former = new LeaseIdentity("keel", "old", "n-old", ME.physicalAddress(), 7);
        LeaseRow row = new LeaseRow(former, true, "old|1", 1, 1, OLD_MS, LEASE_MS, 1);
        assertThat(plain.plan(at(0, row, mine(0)), 0).actions()).hasOnlyElementsOfType(LeaseAction.Evict.class);
        LeaseRow beaten = new LeaseRow(former, true, "old|1", 1, 2, 0, LEASE_MS, 1);
        LeasePlan plan = plain.plan(at(1, beaten, mine(0)), 0);
        assertThat(plan.actions()).doesNotHaveAnyElementsOfTypes(LeaseAction.Evict.class);
        assertThat(plan.step()).isInstanceOf(JoinStep.Wait.class);
    }

    @Test
    void membersOfTheViewAreRenewedAndNeverEvicted() {
        plain.viewChanged(view("me|2", "me", "b"));
        LeaseRow hung = member("b", "me|2", 1, OLD_MS);
        assertThat(watch(plain, 0, LEASE_MS / 2, hung).actions()).isEmpty();
        assertThat(watch(plain, LEASE_MS / 2 + 1, LEASE_MS / 2 + 1, hung).actions())
                .containsExactly(new LeaseAction.Renew(hung, view("me|2", "me", "b")));
        assertThat(watch(plain, LEASE_MS / 2 + 2, 9 * LEASE_MS, hung).actions())
                .containsExactly(new LeaseAction.Renew(hung, view("me|2", "me", "b")));
    }

    @Test
    void theCoordinatorEvictsWhoRanOutAndIsNotInItsView() {
        plain.viewChanged(view("me|2", "me", "b"));
        LeaseRow dead = coordinator("z", 1, 1, OLD_MS);
        assertThat(watch(plain, 0, LEASE_MS, dead).actions()).doesNotHaveAnyElementsOfTypes(LeaseAction.Evict.class);
        assertThat(watch(plain, LEASE_MS + 1, LEASE_MS + 1, dead).actions())
                .hasOnlyElementsOfType(LeaseAction.Evict.class);
    }

    @Test
    void aMemberTendsOnlyWhileItsCoordinatorDoesNotReachTheTable() {
        plain.viewChanged(view("b|2", "b", "me"));
        LeaseRow dead = row("z", 1, OLD_MS);
        for (long ms = 0; ms <= 2 * LEASE_MS; ms += 1000) {
            assertThat(watch(plain, ms, ms, coordinator("b", 2, ms, 0), dead).actions())
                    .isEmpty();
        }
        LeaseRow hung = coordinator("b", 2, 2 * LEASE_MS, OLD_MS);
        assertThat(watch(plain, 2 * LEASE_MS + 1000, 3 * LEASE_MS, hung, dead).actions())
                .hasAtLeastOneElementOfType(LeaseAction.Renew.class)
                .hasAtLeastOneElementOfType(LeaseAction.Evict.class);
    }

    @Test
    void anotherCoordinatorIsAnotherSideOnceItBeatsAfterOurView() {
        LeaseRow other = coordinator("a", 3, 5, 0);
        plain.plan(at(0, coordinator("a", 3, 4, 0), mine(0)), 0);
        plain.plan(at(1000, other, mine(1)), 0);
        plain.viewChanged(view("me|7", "me"));
        assertThat(plain.plan(at(2000, other, mine(2)), 0).split().otherSides()).isEmpty();
        LeaseRow beaten = ofFormerVersion(coordinator("a", 3, 6, 0));
        LeasePlan plan = plain.plan(at(3000, beaten, mine(3)), 0);
        assertThat(plan.split().coordinators()).containsExactly(beaten);
        assertThat(plan.actions()).contains(new LeaseAction.Merge(List.of(beaten)));
        assertThat(watch(plain, 4000, 3000 + LEASE_MS + 1000, beaten).split().otherSides())
                .isEmpty();
    }

    @Test
    void anotherSideIsMergedWithOnlyOnceItAnswersOverTheWire() {
        LeaseRow other = coordinator("a", 3, 5, 0);
        answered(probing, other, answer(Attestation.Kind.SEEN));
        probing.viewChanged(view("me|7", "me"));
        probing.plan(at(1000, other, mine(1)), ns(1000));
        LeaseRow beaten = coordinator("a", 3, 6, 0);
        LeasePlan split = probing.plan(at(2000, beaten, mine(2)), ns(2000));
        assertThat(split.split().coordinators()).containsExactly(beaten);
        assertThat(split.actions()).containsExactly(new LeaseAction.Probe(beaten));
        probing.probed(beaten, new ProbeVerdict(Kind.SILENT, "no answer"), ns(3000));
        LeaseRow beating = coordinator("a", 3, 7, 0);
        assertThat(probing.plan(at(4000, beating, mine(4)), ns(4000)).actions())
                .containsExactly(new LeaseAction.Probe(beating));
        probing.probed(beating, answer(Attestation.Kind.SEEN), ns(4100));
        assertThat(probing.plan(at(4200, beating, mine(4)), ns(4200)).actions())
                .containsExactly(new LeaseAction.Merge(List.of(beating)));
    }

    /**
     * A table that fails ends the round; a question that was noted and never asked would be waited for without an end.
     */
    @Test
    void whatNeedsTheTableIsDoneLast() {
        probing.viewChanged(view("me|7", "me"));
        LeaseRow dead = row("a", 1, OLD_MS);
        LeaseRow otherCoordinator = coordinator("b", 3, 1, 0);
        answered(dead, Kind.SILENT);
        LeasePlan plan = null;
        for (long ms = 0; ms <= LEASE_MS + 1000; ms += 1000) {
            otherCoordinator = coordinator("b", 3, 2 + ms, 0);
            plan = probing.plan(at(ms, dead, otherCoordinator, mine(ms)), ns(ms));
            probing.probed(otherCoordinator, new ProbeVerdict(Kind.SILENT, "no answer"), ns(ms));
        }
        assertThat(plan.actions()).hasSize(2);
        assertThat(plan.actions().get(0)).isEqualTo(new LeaseAction.Probe(otherCoordinator));
        assertThat(plan.actions().get(1)).isInstanceOf(LeaseAction.Evict.class);
    }

    @ParameterizedTest
    @CsvSource({"1999, false", "2000, false", "2001, true"})
    void afterAnOutageARefusalCountsOnceALiveMemberWouldHaveBeatenUnderOurEyes(long watchedMs, boolean evicted) {
        LeaseRow old = coordinator("a", 1, 1, OLD_MS);
        probing.interrupted();
        answered(old, Kind.REFUSED);
        LeasePlan plan = null;
        for (long ms = 0; ms < watchedMs; ms += 500) {
            plan = probing.plan(at(ms, old, mine(ms)), ns(ms));
            assertThat(plan.actions()).doesNotHaveAnyElementsOfTypes(LeaseAction.Evict.class);
        }
        plan = probing.plan(at(watchedMs, old, mine(watchedMs)), ns(watchedMs));
        assertThat(plan.actions().stream().anyMatch(LeaseAction.Evict.class::isInstance))
                .isEqualTo(evicted);
    }

    @Test
    void aCoordinatorLooksMoreOftenWhileAnotherOneStandsInTheTable() {
        LeaseRow other = coordinator("a", 3, 5, 0);
        plain.viewChanged(view("me|7", "me"));
        assertThat(plain.plan(at(0, mine(0)), 0).watchful()).isFalse();
        assertThat(plain.plan(at(1000, other, mine(1)), ns(1000)).watchful()).isTrue();
        plain.viewChanged(view("b|8", "b", "me"));
        assertThat(plain.plan(at(2000, other, coordinator("b", 2, 1, 0), mine(2)), ns(2000))
                        .watchful())
                .as("only the coordinator can heal it")
                .isFalse();
    }

    @Test
    void whoWaitsForALeaseToRunOutKnowsWhen() {
        assertThat(plain.toNextExpiryMs()).isEqualTo(Long.MAX_VALUE);
        watch(plain, 0, 2000, coordinator("a", 1, 1, OLD_MS));
        assertThat(plain.toNextExpiryMs()).isEqualTo(LEASE_MS - 2000 + 1);
    }
}
