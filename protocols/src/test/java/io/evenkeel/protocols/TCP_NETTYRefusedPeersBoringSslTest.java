package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TCP_NETTYRefusedPeersBoringSslTest extends RefusedPeersContract {
    @Override
    String provider() {
        return "openssl";
    }

    @Override
    void assertTold(String said, String alert) {
        assertToldByBoringSsl(said, alert);
    }

    static void assertToldByBoringSsl(String said, String alert) {
        // BoringSSL's own spelling of what it was told is in capitals.
        assertThat(said).containsIgnoringCase(alert);
    }
}
