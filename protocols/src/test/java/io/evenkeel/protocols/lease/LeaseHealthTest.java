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
        assertThat(LeaseHealth.of(ViewInfo.NONE, List.of())).isInstanceOf(LeaseHealth.Unknown.class);
    }

    @Test
    void alone() {
        assertThat(LeaseHealth.of(OURS, List.of())).isEqualTo(new LeaseHealth.Healthy());
    }

    @ParameterizedTest
    @CsvSource({"a, 1, true", "z, 1, true", "a, 2, false", "z, 2, true", "a, 3, false", "z, 3, false"})
    void moreMembersWinThenTheLowerAddress(String rival, int size, boolean healthy) {
        LeaseHealth health = LeaseHealth.of(OURS, List.of(coordinator(rival, size, 1, 0)));
        assertThat(health instanceof LeaseHealth.Healthy).isEqualTo(healthy);
        if (health instanceof LeaseHealth.Unhealthy unhealthy) {
            assertThat(unhealthy.reason()).contains("n-" + rival, "10.0.0.1:" + rival);
        }
    }

    @Test
    void whoIsInOurViewIsNoRival() {
        assertThat(LeaseHealth.of(OURS, List.of(coordinator("n", 9, 1, 0)))).isEqualTo(new LeaseHealth.Healthy());
    }
}
