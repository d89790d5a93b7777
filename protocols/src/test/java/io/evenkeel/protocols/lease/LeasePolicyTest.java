package io.evenkeel.protocols.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LeasePolicyTest {
    @Test
    void aLeaseIsMoreThanThreeHeartbeats() {
        assertThat(new LeasePolicy(1000, 3001).leaseTtlMs()).isEqualTo(3001);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LeasePolicy(1000, 3000))
                .withMessage("heartbeat_interval=1000 must be < lease_ttl/3 = 1000 (lease_ttl=3000)");
        assertThatIllegalArgumentException().isThrownBy(() -> new LeasePolicy(1000, 2999));
        assertThatIllegalArgumentException().isThrownBy(() -> new LeasePolicy(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void aHeartbeatTakesTime() {
        assertThat(new LeasePolicy(1, 4).heartbeatIntervalMs()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LeasePolicy(0, 10_000))
                .withMessage("heartbeat_interval=0 must be > 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new LeasePolicy(-1, 10_000));
    }

    @Test
    void beatsAreSpreadOverATenthBelowTheInterval() {
        assertThat(CoreFixture.POLICY.nextBeatNs(0)).isEqualTo(CoreFixture.ns(1000));
        assertThat(CoreFixture.POLICY.nextBeatNs(0.5)).isEqualTo(CoreFixture.ns(950));
        assertThat(CoreFixture.POLICY.nextBeatNs(Math.nextDown(1.0))).isGreaterThanOrEqualTo(CoreFixture.ns(900));
    }

    @Test
    void aRowIsJudgedByItsOwnLeaseButNeverByLessThanOurs() {
        LeaseRow shorter = new LeaseRow(CoreFixture.ME, false, "", 0, 1, 0, 5999, 1);
        LeaseRow longer = new LeaseRow(CoreFixture.ME, false, "", 0, 1, 0, 6001, 1);
        assertThat(CoreFixture.POLICY.leaseMsOf(shorter)).isEqualTo(6000);
        assertThat(CoreFixture.POLICY.leaseMsOf(longer)).isEqualTo(6001);
    }
}
