package io.evenkeel.protocols;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TCP_NETTYRefusedStockPeersBoringSslTest extends RefusedStockPeersContract {
    @Override
    String provider() {
        return "openssl";
    }

    @Override
    void assertTold(String said, String alert) {
        TCP_NETTYRefusedPeersBoringSslTest.assertToldByBoringSsl(said, alert);
    }
}
