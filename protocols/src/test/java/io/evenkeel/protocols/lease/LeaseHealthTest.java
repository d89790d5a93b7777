package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.coordinator;
import static io.evenkeel.protocols.lease.CoreFixture.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseHealthTest {
    private static final ViewInfo OURS = view("m|3", "m", "n");

    @Test
    void outsideOfAViewNothingIsKnown() {
        assertThat(LeaseHealth.of(ViewInfo.NONE, Split.NONE)).isInstanceOf(LeaseHealth.Unknown.class);
    }

    @Test
    void alone() {
        assertThat(LeaseHealth.of(OURS, Split.NONE)).isEqualTo(new LeaseHealth.Healthy());
    }

    @ParameterizedTest
    @CsvSource({"a, 1, true", "z, 1, true", "a, 2, false", "z, 2, true", "a, 3, false", "z, 3, false"})
    void moreCountedMembersWinThenTheLowerAddress(String other, int members, boolean healthy) {
        LeaseHealth health = LeaseHealth.of(OURS, split(OURS.id(), coordinator(other, 99, 1, 0), members));
        assertThat(health instanceof LeaseHealth.Healthy).isEqualTo(healthy);
        if (health instanceof LeaseHealth.Unhealthy unhealthy) {
            assertThat(unhealthy.reason()).contains("n-" + other, "10.0.0.1:" + other);
        }
    }

    private static Split split(String viewId, LeaseRow other, int members) {
        return new Split(viewId, 2, List.of(new Split.Side(other, members)));
    }

    @Test
    void aCoordinatorThatJoinsOurViewIsNoOtherSideAnyMore() {
        assertThat(LeaseHealth.of(OURS, split("m|2", coordinator("n", 9, 1, 0), 9)))
                .isEqualTo(new LeaseHealth.Healthy());
    }

    @Test
    void aMemberOfOurViewThatCoordinatesALaterOneIsAnotherSide() {
        assertThat(LeaseHealth.of(OURS, split("m|3", coordinator("n", 1, 1, 0), 3)))
                .isInstanceOf(LeaseHealth.Unhealthy.class);
        assertThat(LeaseHealth.of(OURS, split("m|3", coordinator("n", 9, 1, 0), 1)))
                .isEqualTo(new LeaseHealth.Healthy());
    }

    @Test
    void ourOwnCoordinatorWithAViewWithoutUsWinsHoweverMany() {
        assertThat(LeaseHealth.of(OURS, split("m|3", coordinator("m", 1, 1, 0), 1)))
                .isInstanceOf(LeaseHealth.Unhealthy.class);
    }

    @Test
    void aStopIsNoHealthUntilTheTableWasRead() {
        assertThat(LeaseHealth.afterStop(0, new LeaseHealth.Healthy())).isEqualTo(new LeaseHealth.Healthy());
        assertThat(LeaseHealth.afterStop(60_000, new LeaseHealth.Healthy()))
                .isInstanceOfSatisfying(LeaseHealth.Unhealthy.class, unhealthy -> assertThat(unhealthy.reason())
                        .contains("stopped for 60000 ms"));
        LeaseHealth unknown = new LeaseHealth.Unknown("");
        assertThat(LeaseHealth.afterStop(60_000, unknown)).isEqualTo(unknown);
    }
}
