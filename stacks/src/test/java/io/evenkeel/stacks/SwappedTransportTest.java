package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.protocols.TCP_NETTY;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.infinispan.manager.DefaultCacheManager;
import org.jgroups.JChannel;
import org.jgroups.protocols.pbcast.GMS;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Infinispan's own tcp stack, of which the transport's element alone was changed. */
class SwappedTransportTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Away from the port of a Keycloak on this host; FD_SOCK2 adds 50,000. */
    private static final Map<String, String> PLACE = Map.of(
            "jgroups.bind.address", "127.0.0.1",
            "jgroups.bind.port", String.valueOf(9_000 + RANDOM.nextInt(5_000)),
            "jgroups.mcast_port", String.valueOf(20_000 + RANDOM.nextInt(10_000)));

    private final CertificateAuthority authority = CertificateAuthority.create(
            "CN=Test CA", Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(1)), RANDOM);

    @BeforeEach
    void choosePlace() {
        PLACE.forEach(System::setProperty);
    }

    @AfterEach
    void leavePlace() {
        PLACE.keySet().forEach(System::clearProperty);
    }

    private JChannel channel() throws Exception {
        String stack;
        try (InputStream in = DefaultCacheManager.class.getResourceAsStream(
                "/org/infinispan/configuration/default-jgroups-tcp.xml")) {
            stack = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(stack).contains("<TCP ", "non_blocking_sends", "send_buf_size");
        String swapped = stack.replace("<TCP ", "<" + TCP_NETTY.class.getName() + " ");
        JChannel channel = new JChannel(new ByteArrayInputStream(swapped.getBytes(StandardCharsets.UTF_8)));
        Instant now = Instant.now();
        CertificateSpec spec =
                CertificateSpec.node("CN=node", now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)));
        ((TCP_NETTY) channel.getProtocolStack().getTransport())
                .setTlsMaterial(TlsMaterial.of(authority.issue(spec, RANDOM), List.of(authority.certificate())));
        return channel;
    }

    @Test
    void startsAndFormsACluster() throws Exception {
        try (JChannel a = channel();
                JChannel b = channel()) {
            a.connect("swapped");
            // The first one's answer comes over the first TLS handshake of this JVM.
            b.getProtocolStack().<GMS>findProtocol(GMS.class).setJoinTimeout(120_000);
            b.connect("swapped");
            Awaitility.await().untilAsserted(() -> assertThat(a.getView().getMembers())
                    .containsExactly(a.getAddress(), b.getAddress()));
            TCP_NETTY transport = (TCP_NETTY) a.getProtocolStack().getTransport();
            assertThat(transport.getSecurityInUse()).startsWith("TLSv1.3");
        }
    }
}
