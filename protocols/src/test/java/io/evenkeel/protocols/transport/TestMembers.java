package io.evenkeel.protocols.transport;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.protocols.TCP_NETTY;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.security.auth.x500.X500Principal;
import org.awaitility.Awaitility;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.LOCAL_PING;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.TLS;
import org.jgroups.util.TLSClientAuth;

/** Real channels on loopback over TCP_NETTY, closed together. */
public final class TestMembers implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    public static final CertificateAuthority CA = authority("CN=Test CA");
    public static final CertificateAuthority OTHER_CA = authority("CN=Other CA");

    private final List<JChannel> channels = new ArrayList<>();

    public static CertificateAuthority authority(String subject) {
        Instant now = Instant.now();
        return CertificateAuthority.create(
                subject, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)), RANDOM);
    }

    /** A member's material: its certificate from one authority, trusting another (mostly the same). */
    public static TlsMaterial material(CertificateAuthority issuer, CertificateAuthority trusted, Duration validFor) {
        Instant now = Instant.now();
        CertificateSpec spec = CertificateSpec.node("CN=node", now.minus(Duration.ofHours(12)), now.plus(validFor));
        return TlsMaterial.of(issuer.issue(spec, RANDOM), List.of(trusted.certificate()));
    }

    /** The contents of a member's certificate that is valid for a day. */
    public static CertificateSpec spec(String subject) {
        Instant now = Instant.now();
        return CertificateSpec.node(subject, now.minus(Duration.ofHours(12)), now.plus(Duration.ofDays(1)));
    }

    /** A member's material with a certificate of its own making, trusting the usual authority. */
    public static TlsMaterial material(CertificateAuthority issuer, CertificateSpec spec) {
        return TlsMaterial.of(issuer.issue(spec, RANDOM), List.of(CA.certificate()));
    }

    /** As Keycloak's automatic certificate: self-signed, RSA, of version 1, so without names, usages or a CA's mark. */
    public static Identity selfSigned() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048, RANDOM);
            KeyPair pair = generator.generateKeyPair();
            X500Principal name = new X500Principal("CN=jgroups");
            Instant now = Instant.now();
            X509CertificateHolder certificate = new JcaX509v1CertificateBuilder(
                            name,
                            BigInteger.valueOf(now.toEpochMilli()),
                            Date.from(now.minus(Duration.ofHours(1))),
                            Date.from(now.plus(Duration.ofHours(1))),
                            name,
                            pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
            return new Identity(
                    pair.getPrivate(), List.of(new JcaX509CertificateConverter().getCertificate(certificate)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TlsMaterial material() {
        return material(CA, CA, Duration.ofDays(1));
    }

    /** The transport on a port of the kernel's choice. */
    public static TCP_NETTY transport() {
        TCP_NETTY transport = LineLog.recording(TCP_NETTY::new);
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(0);
        // A handshake that is given up takes what waits for it along, and counts as refused.
        transport.setValue("handshake_timeout", TestTransportConfig.HANDSHAKE_TIMEOUT_MS);
        return transport;
    }

    public static TCP_NETTY secure() {
        return transport().setTlsMaterial(material());
    }

    public static TCP_NETTY plain() {
        return transport().setEncryption("none");
    }

    /** JGroups' own transport on a port of the kernel's choice, with mutual TLS. */
    public static TCP stock(TlsMaterial material) throws GeneralSecurityException {
        return stock().tls(new TLS()
                .enabled(true)
                .setClientAuth(TLSClientAuth.NEED)
                .setSSLContext(context(material)));
    }

    /** The JDK's TLS with a member's material. */
    public static SSLContext context(TlsMaterial material) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {material.keyManager()}, new TrustManager[] {material.trustManager()}, null);
        return context;
    }

    /** Offers by ALPN what members offer that know the own framing. */
    public static void offerOwnFraming(SSLSocket socket) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"evenkeel"});
        socket.setSSLParameters(parameters);
    }

    /** The same in clear. */
    public static TCP stock() {
        TCP transport = new TCP();
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(0);
        transport.setValue("peer_addr_read_timeout", TestTransportConfig.HANDSHAKE_TIMEOUT_MS);
        return transport;
    }

    public static TCP_NETTY of(JChannel channel) {
        return (TCP_NETTY) channel.getProtocolStack().getTransport();
    }

    /** A channel that is not connected yet. */
    public JChannel channel(String name, TP transport, Protocol discovery) throws Exception {
        return channel(name, transport, discovery, List.of());
    }

    /** The same with more protocols right above the discovery. */
    public JChannel channel(String name, TP transport, Protocol discovery, List<Protocol> more) throws Exception {
        List<Protocol> protocols = new ArrayList<>(List.of(
                transport,
                discovery,
                new MERGE3().setMinInterval(1000).setMaxInterval(3000),
                new FD_ALL3().setTimeout(60_000).setInterval(15_000),
                new VERIFY_SUSPECT2().setTimeout(5_000),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS().setJoinTimeout(1000),
                new UFC(),
                new MFC(),
                new FRAG4()));
        protocols.addAll(2, more);
        JChannel channel = new JChannel(protocols);
        channel.setName(name);
        channels.add(channel);
        return channel;
    }

    public JChannel join(String name, String cluster, TP transport) throws Exception {
        return join(name, cluster, transport, channel -> {});
    }

    public JChannel join(String name, String cluster, TP transport, Consumer<JChannel> before) throws Exception {
        JChannel channel = channel(name, transport, new LOCAL_PING());
        before.accept(channel);
        return channel.connect(cluster);
    }

    public static void awaitView(int size, JChannel... members) {
        Awaitility.await().untilAsserted(() -> {
            for (JChannel member : members) {
                org.assertj.core.api.Assertions.assertThat(member.getView().size())
                        .as(member.getName() + " " + member.getView())
                        .isEqualTo(size);
            }
        });
    }

    /** For a member that has to find another one, however late that answers; it founds no cluster beside it. */
    public static JChannel findingOthers(JChannel joiner) {
        GMS membership = joiner.getProtocolStack().findProtocol(GMS.class);
        membership.setJoinTimeout(60_000);
        return joiner;
    }

    @Override
    public void close() {
        for (int i = channels.size() - 1; i >= 0; i--) {
            channels.get(i).close();
        }
    }
}
