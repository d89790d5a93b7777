package io.evenkeel.protocols.transport.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepAliveTest {
    @ParameterizedTest
    @CsvSource({"3000,1,1,2", "15000,5,2,5", "15999,5,2,5", "3600000,1200,480,5"})
    void probesFillTheTime(int timeoutMs, int idleS, int intervalS, int probes) {
        KeepAlive plan = KeepAlive.within(timeoutMs);
        assertThat(plan).isEqualTo(new KeepAlive(idleS, intervalS, probes, timeoutMs));
        assertThat((plan.idleS() + plan.intervalS() * plan.probes()) * 1000).isLessThanOrEqualTo(timeoutMs);
    }
}
