package io.evenkeel.protocols.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.ReloadSettings;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.config.TransportStats;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MaterialWatchTest {

    /** Trusts one authority, then the other one; in between it fails as a class does that cannot be loaded. */
    private static final class Faltering extends X509ExtendedTrustManager {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return switch (asked.incrementAndGet()) {
                case 1 -> new X509Certificate[] {TestMembers.CA.certificate()};
                case 2 -> throw new NoClassDefFoundError("only for this test");
                default -> new X509Certificate[] {TestMembers.OTHER_CA.certificate()};
            };
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}
    }

    @Test
    void anErrorDoesNotEndTheWatch() {
        TransportStats stats = new TransportStats();
        AtomicInteger changes = new AtomicInteger();
        TlsMaterial material = new TlsMaterial(TestMembers.material().keyManager(), new Faltering());
        try (MaterialWatch watch = MaterialWatch.over(material, new ReloadSettings(5, 0, 1000), stats, LineLog.log())) {
            watch.start(changes::incrementAndGet);
            Awaitility.await().until(() -> changes.get() == 1);
        }
        assertThat(stats.reloadsOk.sum()).isEqualTo(1);
    }
}
