package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Certificates;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.SelfHandshake;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.certs.core.PeerPolicy;
import io.evenkeel.certs.core.PeerVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A node as its files make it: what it shows, and what it trusts. Two parties judge each other with the code that
 * judges members when they connect.
 *
 * @param name as the operator calls it
 */
record Party(String name, Identity identity, List<X509Certificate> trusted) {

    /**
     * The key exchange that the JDK's TLS 1.3 names to a trust manager, which the certificate does not decide any more.
     */
    private static final String TLS_1_3 = "UNKNOWN";

    /** As TCP_NETTY knows it. */
    private static final Set<String> BORING_SSL_KEYS = Set.of("EC", "RSA");

    /** Reads and checks files as a member does that starts with them. */
    static Party read(String name, StoreFile keyStore, StoreFile trustStore) throws CertificateMaterialException {
        Instant now = Instant.now();
        return new Party(name, Identity.read(keyStore, now), Certificates.readTrusted(trustStore, now));
    }

    /** A directory with the files of a node, or with those of a TLS secret of Kubernetes. */
    static Party of(String name, Path directory) throws IOException, CommandException, CertificateMaterialException {
        NodeFiles node = new NodeFiles(name, directory);
        PasswordSource none = new PasswordSource(null, null);
        if (!node.exists() && !node.hasStores()) {
            throw new CommandException(
                    directory + ": has neither tls.crt nor a trust store; name a node or its directory");
        }
        @Nullable Party stores = node.hasStores() && (node.hasKey() || !node.exists())
                ? read(name, StoreFiles.of(node.keyStore(), none), StoreFiles.of(node.trustStore(), none))
                : null;
        if (stores != null && !node.exists()) {
            return stores;
        }
        if (!Files.exists(node.keyFile())) {
            throw new CommandException(
                    node.keyFile() + ": does not exist, the node's key is elsewhere; verify it there");
        }
        Party pem = read(
                name,
                StoreFile.pem(node.certificateFile(), node.keyFile(), null),
                new StoreFile(node.trustFile(), "PEM", null));
        if (stores != null
                && !(stores.identity().chain().equals(pem.identity().chain())
                        && List.copyOf(stores.trusted()).containsAll(pem.trusted()))) {
            throw new CommandException(
                    directory + ": key store and PEM files hold different certificates; run renew " + name + " again");
        }
        return pem;
    }

    TlsMaterial material() {
        return TlsMaterial.of(identity, trusted);
    }

    /** True if members whose TLS is BoringSSL accept this party's key. */
    boolean fitsBoringSsl() {
        return isTaken(identity.certificate());
    }

    /** True if this party's TLS may be BoringSSL, as tls_provider=auto chooses for keys and CAs that it takes. */
    boolean mayRunBoringSsl() {
        return fitsBoringSsl() && trusted.stream().allMatch(Party::isTaken);
    }

    private static boolean isTaken(X509Certificate certificate) {
        return BORING_SSL_KEYS.contains(certificate.getPublicKey().getAlgorithm());
    }

    /** The reason why this party would refuse a certificate that a peer shows to it; empty if it would not. */
    List<String> refusals(String peer, List<X509Certificate> chain, PeerPolicy authorizedPeers) {
        List<String> refusals = new ArrayList<>();
        X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
        try {
            // A member dials some peers and is dialled by others.
            material().trustManager().checkClientTrusted(shown, TLS_1_3);
            material().trustManager().checkServerTrusted(shown, TLS_1_3);
        } catch (CertificateException e) {
            HandshakeRefusal refusal = HandshakeRefusal.of(e);
            String detail = refusal.reason() == HandshakeRefusal.Reason.OTHER ? " (" + e.getMessage() + ")" : "";
            refusals.add(name + ": " + refusal.message(peer) + detail);
            return refusals;
        }
        if (authorizedPeers.verdict(shown[0]) instanceof PeerVerdict.Refused refused) {
            refusals.add(name + ": " + refused.message());
        }
        return refusals;
    }

    /**
     * The reason why this party and another would not connect, each refusing the other or TLS failing; empty if they
     * would.
     */
    List<String> refusals(Party peer, PeerPolicy authorizedPeers) throws GeneralSecurityException {
        List<String> refusals =
                new ArrayList<>(refusals(peer.name(), peer.identity().chain(), authorizedPeers));
        if (!peer.name().equals(name)) {
            refusals.addAll(peer.refusals(name, identity.chain(), authorizedPeers));
        }
        if (refusals.isEmpty()) {
            try {
                SelfHandshake.run(material(), peer.material());
            } catch (SSLException e) {
                refusals.add("TLS between " + name + " and " + peer.name() + " fails: "
                        + HandshakeRefusal.of(e).message(peer.name()) + " (" + e.getMessage() + ")");
            }
        }
        return refusals;
    }
}
