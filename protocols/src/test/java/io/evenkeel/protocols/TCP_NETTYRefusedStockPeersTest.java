package io.evenkeel.protocols;

class TCP_NETTYRefusedStockPeersTest extends RefusedStockPeersContract {
    @Override
    String provider() {
        return "jdk";
    }

    @Override
    void assertTold(String said, String alert) {
        TCP_NETTYRefusedPeersTest.assertToldByJdk(said, alert);
    }
}
