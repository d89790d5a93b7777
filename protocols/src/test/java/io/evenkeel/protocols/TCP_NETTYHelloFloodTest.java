package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.ClientHello;
import io.evenkeel.protocols.transport.RoundTrips;
import io.evenkeel.protocols.transport.Strangers;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A flood of ClientHellos against a key as Keycloak's automatic one, RSA of 2048 bits, whose signature BoringSSL makes
 * on an event loop. Members beside it go on; how long their messages take, quiet and in the flood, is printed.
 */
class TCP_NETTYHelloFloodTest {
    private static final int HOSTS = 100;
    private static final int CONNECTIONS = Integer.getInteger("evenkeel.strangers", 5_000);

    private final TestMembers members = new TestMembers();

    @AfterEach
    void close() {
        members.close();
    }

    private static TCP_NETTY with(String provider, TlsMaterial material) {
        // Not one whose log a test keeps and prints: a line for each stranger would be what is measured.
        TCP_NETTY transport = new TCP_NETTY().setTlsMaterial(material);
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(0);
        transport.tls_provider = provider;
        return transport;
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void membersGoOn(String provider) throws Exception {
        Identity automatic = TestMembers.selfSigned();
        TlsMaterial material = TlsMaterial.of(automatic, List.of(automatic.certificate()));
        JChannel a = members.join("A", "hellos", with(provider, material));
        JChannel b = members.join("B", "hellos", with(provider, material));
        TestMembers.awaitView(2, a, b);
        RoundTrips trips = new RoundTrips(b, a);
        trips.figures();
        String quiet = trips.figures();
        TCP_NETTY target = TestMembers.of(a);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getBoundPort());
        try (Strangers strangers = new Strangers(address, HOSTS, CONNECTIONS, ClientHello.of(material), false)) {
            Awaitility.await().atMost(15, TimeUnit.MINUTES).until(() -> strangers.opened() > 2L * CONNECTIONS);
            String flood = trips.figures();
            System.out.printf("| %s | %s | %s | %d |%n", provider, quiet, flood, strangers.opened());
        }
        assertThat(target.transportStats().refused(Reason.TOO_MANY_PENDING).sum())
                .isPositive();
        assertThat(target.getReconnects()).isZero();
        assertThat(target.getSuspectsSent()).isZero();
        assertThat(a.getView().size()).isEqualTo(2);
    }
}
