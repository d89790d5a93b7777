package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;

class TCP_NETTYRefusedPeersTest extends RefusedPeersContract {
    @Override
    String provider() {
        return "jdk";
    }

    @Override
    void assertTold(String said, String alert) {
        assertToldByJdk(said, alert);
    }

    /**
     * The JDK tells a client nothing about its certificate but that it will not do; 17 and 25 differ when there is
     * none.
     */
    static void assertToldByJdk(String said, String alert) {
        assertThat(said).containsAnyOf("certificate_unknown", "CERTIFICATE_UNKNOWN", "bad_certificate", alert);
    }

    /** BoringSSL hands out no tickets. */
    @Test
    void resumedSession() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TlsMaterial material = TestMembers.material();
        context.init(
                new javax.net.ssl.KeyManager[] {material.keyManager()},
                new TrustManager[] {material.trustManager()},
                null);
        // The ticket comes with the first bytes that are read: the HELLO.
        try (Socket socket = context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), accepting().getBoundPort())) {
            assertThat(socket.getInputStream().read()).isNotNegative();
        }
        try (Socket socket = context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), accepting().getBoundPort())) {
            readToEnd(socket);
        }
        assertRefused(Reason.TLS_FAILURE, "resumed");
    }
}
