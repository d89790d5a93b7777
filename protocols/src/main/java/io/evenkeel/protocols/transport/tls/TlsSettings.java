package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.PeerPolicy;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The protection of connections.
 *
 * @param authorizedPeers whom to let in of those that the CA vouches for
 * @param bindAddress whether a peer's certificate must bear the address that the peer says it has
 * @param provider auto, jdk or openssl
 * @param protocols TLSv1.3, TLSv1.2 or both
 * @param ciphers the JDK's names; none for the provider's choice
 * @param namedGroups none for the provider's choice
 * @param fips whether only a validated module may do the cryptography, which rules BoringSSL out
 */
public record TlsSettings(
        TlsMaterial material,
        PeerPolicy authorizedPeers,
        boolean bindAddress,
        String provider,
        List<String> protocols,
        List<String> ciphers,
        List<String> namedGroups,
        boolean fips) {
    static final String TLS_1_3 = "TLSv1.3";
    static final String TLS_1_2 = "TLSv1.2";
    private static final Set<String> PROTOCOLS = Set.of(TLS_1_3, TLS_1_2);

    /** TLS 1.3's, by RFC 8446, appendix B.4, as far as the JDK has them; all others are of TLS 1.2. */
    private static final Set<String> CIPHERS_OF_1_3 =
            Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    public TlsSettings {
        Objects.requireNonNull(material, "material");
        Objects.requireNonNull(authorizedPeers, "authorizedPeers");
        Objects.requireNonNull(provider, "provider");
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        namedGroups = List.copyOf(namedGroups);
        if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("tls.protocols=" + String.join(",", protocols)
                    + " must be TLSv1.3, TLSv1.2, or both separated by a comma");
        }
        requireCiphers(protocols, ciphers);
    }

    /** Everybody that is trusted, over TLS 1.3. */
    public static TlsSettings of(TlsMaterial material) {
        return new TlsSettings(
                material, PeerPolicy.anyTrusted(), false, "auto", List.of(TLS_1_3), List.of(), List.of(), false);
    }

    /** The parts of a list in an attribute; none for null or blank. */
    public static List<String> list(@Nullable String value) {
        return value == null || value.isBlank()
                ? List.of()
                : Stream.of(value.split(",", -1)).map(String::trim).toList();
    }

    private static void requireCiphers(List<String> protocols, List<String> ciphers) {
        if (ciphers.isEmpty()) {
            return;
        }
        List<String> known;
        try {
            known = List.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has a default TLS context", e);
        }
        for (String cipher : ciphers) {
            if (!known.contains(cipher)) {
                throw new IllegalArgumentException(
                        "tls.cipher_suites: '" + cipher + "' is not among the ciphers that this JDK allows: " + known);
            }
        }
        for (String protocol : protocols) {
            boolean newer = protocol.equals(TLS_1_3);
            if (ciphers.stream().noneMatch(cipher -> CIPHERS_OF_1_3.contains(cipher) == newer)) {
                throw new IllegalArgumentException("tls.cipher_suites=" + String.join(",", ciphers) + " has none for "
                        + protocol + "; add one, or take it out of tls.protocols");
            }
        }
    }
}
