package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.evenkeel.protocols.transport.core.StockGreeting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.jgroups.Version;
import org.junit.jupiter.api.Test;

/**
 * The same at members that take members on JGroups' TCP, and what is refused to those that speak as such a member does.
 */
abstract class RefusedStockPeersContract extends RefusedPeersContract {
    private static final short OTHER_MINOR = 1 << 6;

    @Override
    final String stockPeers() {
        return "accept";
    }

    /** Greets as a member of JGroups' TCP does, and reads until the connection is closed. */
    private static void greet(SSLSocket made, int version) throws Exception {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), TestPorts.free());
        try (SSLSocket socket = made) {
            socket.getOutputStream().write(new StockGreeting((short) version, free).encode());
            readToEnd(socket);
        } catch (IOException e) {
            // What was refused in the handshake may be closed before the greeting is out.
        }
    }

    private void assertGreetingRefused(TlsMaterial material, Reason reason, String... words) throws Exception {
        greet(tls(material), Version.version);
        assertRefused(reason, words);
        assertThat(accepting().printConnections()).doesNotContain("JGroups' TCP");
    }

    @Test
    void aGreetingOfNamesThatAreNotAllowed() throws Exception {
        CertificateSpec spec = TestMembers.spec("CN=payroll").withDns("payroll.example");
        assertGreetingRefused(
                TestMembers.material(TestMembers.CA, spec), Reason.NOT_AUTHORIZED, "CN=payroll", "dns:*.kc.test");
    }

    @Test
    void aGreetingBehindARevokedCertificate() throws Exception {
        assertGreetingRefused(revokedMaterial(), Reason.REVOKED_CERTIFICATE);
    }

    @Test
    void aGreetingOfAnotherAuthority() throws Exception {
        TlsMaterial other = TestMembers.material(TestMembers.OTHER_CA, TestMembers.CA, Duration.ofDays(1));
        assertGreetingRefused(other, Reason.UNTRUSTED_CERTIFICATE);
    }

    @Test
    void aGreetingOfAnotherVersionOfJGroups() throws Exception {
        greet(tls(TestMembers.material()), Version.version - OTHER_MINOR);
        assertRefused(Reason.STOCK_PEER, "JGroups ");
    }

    /** Nobody who has said by ALPN that it knows the own framing goes back to the other one. */
    @Test
    void aGreetingAfterTheOwnFramingWasAgreedUpon() throws Exception {
        SSLSocket socket = tls(TestMembers.material());
        TestMembers.offerOwnFraming(socket);
        greet(socket, Version.version);
        assertRefused(Reason.BAD_FRAME, "it has agreed on Evenkeel's framing and speaks that of JGroups' TCP");
    }

    /** This side waits for the first bytes of such a peer: no longer than for anything else. */
    @Test
    void aPeerWithACertificateThatSaysNothing() throws Exception {
        try (SSLSocket socket = tls(TestMembers.material())) {
            readToEnd(socket);
        }
        Awaitility.await()
                .until(() -> accepting()
                                .transportStats()
                                .refused(Reason.HANDSHAKE_TIMEOUT)
                                .sum()
                        == 1);
        Awaitility.await().until(() -> accepting().getPendingHandshakes() == 0);
    }
}
