package io.evenkeel.protocols.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.ReloadSettings;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.config.TransportStats;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;
import org.jgroups.logging.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaterialWatchTest {

    /** Trusts one authority, then the other one; in between it fails as a class does that cannot be loaded. */
    private static class Faltering extends X509ExtendedTrustManager {
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

    /** A year's certificate; 14 and 2 days count. */
    @ParameterizedTest
    @CsvSource({
        "P15D,''",
        "P13D,WARN this member's certificate expires on",
        "P3D,WARN this member's certificate expires on",
        "P1D,ERROR this member's certificate expires on",
        "PT-1H,ERROR this member's certificate expired on"
    })
    void theEndIsToldOnceHoweverOftenItIsLookedAt(Duration left, String line) {
        Instant end = Instant.now().plus(left);
        CertificateSpec spec = CertificateSpec.node("CN=node", end.minus(Duration.ofDays(365)), end);
        CertificateAuthority year = CertificateAuthority.create(
                "CN=CA", end.minus(Duration.ofDays(366)), end.plus(Duration.ofDays(365)), new SecureRandom());
        AtomicInteger asked = new AtomicInteger();
        TlsMaterial material = TlsMaterial.of(year.issue(spec, new SecureRandom()), List.of(year.certificate()));
        X509ExtendedTrustManager counting = new Faltering() {
            @Override
            public X509Certificate[] getAcceptedIssuers() {
                asked.incrementAndGet();
                return new X509Certificate[0];
            }
        };
        Log log = LineLog.log();
        try (MaterialWatch watch = MaterialWatch.over(
                new TlsMaterial(material.keyManager(), counting),
                new ReloadSettings(2, 0, 1000),
                new TransportStats(),
                log)) {
            watch.start(() -> {});
            Awaitility.await().until(() -> asked.get() > 20);
        }
        List<String> told = LineLog.linesOf(log);
        if (line.isEmpty()) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told).singleElement().asString().startsWith(line).contains("; renew it");
        }
    }
}
