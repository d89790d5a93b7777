package io.evenkeel.stacks.infinispan.restart.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaveGuardTest {
    private static final Set<String> ALL = Set.of("a", "b", "c", "d");
    private static final LeaveGuard<String> B = new LeaveGuard<>("b", Comparator.naturalOrder());

    @Test
    void aSegmentOfItsOwnHoldsItBack() {
        assertThat(B.soleSegments(owners(List.of(List.of("b"), List.of("a", "b"), List.of("c"))), ALL, leaving("b"), 0))
                .isEqualTo(1);
    }

    @Test
    void aCopyWithSomebodyWhoStaysLetsItGo() {
        assertThat(B.soleSegments(owners(List.of(List.of("a", "b"), List.of("b", "c"))), ALL, leaving("b"), 0))
                .isZero();
    }

    @Test
    void aCopyWithSomebodyWhoLeavesIsNone() {
        assertThat(B.soleSegments(
                        owners(List.of(List.of("a", "b"), List.of("b", "c"), List.of("d"))), ALL, leaving("a", "b"), 0))
                .isEqualTo(1);
    }

    @Test
    void aCopyWithSomebodyWhoIsGoneIsNone() {
        assertThat(B.soleSegments(
                        owners(List.of(List.of("a", "b"), List.of("b", "c"))), Set.of("b", "c"), leaving("b"), 0))
                .isEqualTo(1);
    }

    @Test
    void ofTwoThatLeaveTheLesserGoesAfterAWhileAndTheGreaterWaits() {
        LeaveGuard.Owners<String> shared = owners(List.of(List.of("b", "c"), List.of("d")));
        LeaveGuard.Leave<String> leaving = leaving("b", "c");

        assertThat(B.soleSegments(shared, ALL, leaving, LeaveGuard.SETTLE_MS - 1))
                .isEqualTo(1);
        assertThat(B.soleSegments(shared, ALL, leaving, LeaveGuard.SETTLE_MS)).isZero();
        assertThat(new LeaveGuard<>("c", Comparator.<String>naturalOrder())
                        .soleSegments(shared, ALL, leaving, LeaveGuard.SETTLE_MS))
                .isEqualTo(1);
    }

    /** It made up its mind before it heard of the other's leave. */
    @Test
    void theLesserWaitsForAGreaterThatGoesUntilItIsGone() {
        LeaveGuard.Owners<String> shared = owners(List.of(List.of("b", "c"), List.of("d")));
        LeaveGuard.Leave<String> leave = new LeaveGuard.Leave<>(Set.of("b", "c"), Set.of("c"));

        assertThat(B.soleSegments(shared, ALL, leave, 10 * LeaveGuard.SETTLE_MS))
                .isEqualTo(1);
    }

    @Test
    void whereNobodyStaysThereIsNobodyToWaitFor() {
        assertThat(B.soleSegments(owners(List.of(List.of("b"), List.of("a"))), ALL, leaving("a", "b"), 0))
                .isZero();
        assertThat(B.soleSegments(owners(List.of(List.of("b"))), ALL, leaving("b"), 0))
                .isZero();
    }

    private static LeaveGuard.Leave<String> leaving(String... members) {
        return new LeaveGuard.Leave<>(Set.of(members), Set.of());
    }

    private static LeaveGuard.Owners<String> owners(List<List<String>> segments) {
        List<String> members =
                segments.stream().flatMap(List::stream).distinct().toList();
        return new LeaveGuard.Owners<>(members, segments.size(), segments::get);
    }
}
