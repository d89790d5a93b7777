package io.evenkeel.protocols;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TCP_NETTYRefusedPeersBoringSslTest extends RefusedPeersContract {
    @Override
    String provider() {
        return "openssl";
    }
}
