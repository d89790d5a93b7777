package io.evenkeel.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A peer on another host whose network is away for a while: it stays a member, and no dead connection stays either. */
class NetworkTroubleTest extends MembersOnTwoHosts {
    private static final long BLIP_MS = 2_000;

    @Test
    void aBlipCostsNobodyHisPlace() throws Exception {
        host.vanish();
        sendFor(BLIP_MS);
        host.appear();
        talk();
        // With a timeout of 3 s, as here, the connection may have been replaced; that is nobody's loss.
        assertNobodyWasExcluded();
    }

    @Test
    void aConnectionWhosePeerVanishedIsGivenUpAndMadeAgain() throws Exception {
        assumeTrue(transport().getEventLoopKind().equals("epoll"), "the JDK has no TCP_USER_TIMEOUT");
        long refused = transport().getSuspectsRefused();
        long reconnects = transport().getReconnects();
        host.vanish();
        Awaitility.await().until(() -> transport().getOpenConnections() == 0);
        Awaitility.await().until(() -> transport().getSuspectsRefused() > refused);
        host.appear();
        talk();
        assertThat(transport().getReconnects()).isGreaterThan(reconnects);
        assertNobodyWasExcluded();
    }
}
