package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.SocketKeyManager;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.protocols.TCP;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshakes with JGroups' TCP, which says no more in them than its address. */
class TCP_NETTYStockHandshakeTest {
    private static final int HANDSHAKE_MS = 4_000;

    /** Stands still where the handshake asks for the own certificate. */
    private static final class StandingKeys extends SocketKeyManager {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        StandingKeys(X509ExtendedKeyManager keys) {
            super(keys);
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            asked.countDown();
            try {
                goOn.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return super.chooseClientAlias(keyType, issuers, socket);
        }
    }

    /**
     * JGroups' TCP closes the connection that it is making when one of this member comes in meanwhile: in the midst of
     * the TLS handshake, with the alerts user_canceled and close_notify of Java's sockets.
     */
    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void anAttemptThatThePeerGivesUpIsNoRefusal(String provider) throws Exception {
        TCP_NETTY transport = TestMembers.secure().setStockPeers("accept");
        transport.setValue("tls_provider", provider);
        TlsMaterial material = TestMembers.material();
        StandingKeys keys = new StandingKeys(material.keyManager());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {keys}, new TrustManager[] {material.trustManager()}, null);
        try (TestMembers members = new TestMembers()) {
            members.join("A", "handshake-" + provider, transport);
            SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), transport.getBoundPort());
            CompletableFuture<Void> handshake = CompletableFuture.runAsync(() -> {
                try {
                    socket.startHandshake();
                } catch (IOException e) {
                    // It is closed meanwhile.
                }
            });
            assertThat(keys.asked.await(120, TimeUnit.SECONDS)).isTrue();
            socket.close();
            keys.goOn.countDown();
            handshake.get(120, TimeUnit.SECONDS);

            Awaitility.await().untilAsserted(() -> assertThat(transport.getRefusalsByReason())
                    .isEqualTo("ABORTED=1"));
            assertThat(transport.transportStats().refused(Reason.ABORTED).sum()).isEqualTo(1);
            assertThat(transport.getHandshakesRefused()).isZero();
            assertThat(LineLog.of(transport)).noneMatch(line -> line.startsWith("WARN"));
        }
    }

    /** A member on JGroups' TCP confirms nothing, and may have nothing to say for long. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionOutlivesTheTimeThatAHandshakeMayTake(boolean oursFirst) throws Exception {
        TCP_NETTY transport = TestMembers.plain().setStockPeers("accept");
        transport.setValue("handshake_timeout", HANDSHAKE_MS);
        TCP stock = TestMembers.stock();
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "lasting", oursFirst ? transport : stock);
            JChannel b = members.join("B", "lasting", oursFirst ? stock : transport);
            TestMembers.awaitView(2, a, b);
            Awaitility.await()
                    .during(Duration.ofMillis(2 * HANDSHAKE_MS))
                    .until(() -> transport.getHandshakesRefused() == 0);
            assertThat(transport.getOpenConnections()).isEqualTo(1);
        }
    }
}
