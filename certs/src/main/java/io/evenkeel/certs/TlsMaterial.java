package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.UNUSABLE_MANAGER;

import java.security.GeneralSecurityException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * The material of a member for mutual TLS through an SSLEngine: its own key and certificate, and whom it trusts.
 *
 * <p>Trust means: signed by a trusted certificate, valid now, allowed for its role, and not revoked if the JDK's PKIX
 * settings ({@code com.sun.net.ssl.checkRevocation} and friends) ask for that. Host names are not looked at unless the
 * engine's parameters say so: members come and go at any address.
 *
 * @param keyManager answers an engine's questions as well as a socket's
 * @param trustManager judges peers, as client and as server
 */
public record TlsMaterial(X509ExtendedKeyManager keyManager, X509ExtendedTrustManager trustManager) {

    /** The JDK's switch (JSSE Reference Guide), which its factory reads by itself only when it is given a key store. */
    private static final String CHECK_REVOCATION = "com.sun.net.ssl.checkRevocation";

    public TlsMaterial {
        Objects.requireNonNull(keyManager, "keyManager");
        Objects.requireNonNull(trustManager, "trustManager");
    }

    /**
     * Uses managers that were made elsewhere and may reload in place; their answers are never kept.
     *
     * @throws CertificateMaterialException if one is missing, is not for X.509, or cannot judge an engine's peer
     */
    public static TlsMaterial fromManagers(KeyManager keyManager, TrustManager trustManager)
            throws CertificateMaterialException {
        if (!(keyManager instanceof X509KeyManager keys)) {
            throw new CertificateMaterialException(
                    UNUSABLE_MANAGER,
                    "key manager",
                    "is " + className(keyManager) + ", not an X509KeyManager",
                    "inject the key manager of X.509 certificates");
        }
        if (!(trustManager instanceof X509ExtendedTrustManager trust)) {
            throw new CertificateMaterialException(
                    UNUSABLE_MANAGER,
                    "trust manager",
                    "is " + className(trustManager) + ", not an X509ExtendedTrustManager",
                    "inject one that extends it, it alone sees the connection that it judges");
        }
        return new TlsMaterial(new EngineKeyManager(keys), trust);
    }

    /** As the other method, at the time of the system's clock. */
    public static TlsMaterial fromStores(StoreFile keyStore, StoreFile trustStore) throws CertificateMaterialException {
        return fromStores(keyStore, trustStore, Instant.now());
    }

    /**
     * Reads and checks a key store with one private key and a trust store with at least one trusted certificate. Reads
     * each file once; blocks on the files.
     *
     * @param now the time at which the certificates must be valid
     * @throws CertificateMaterialException if a member could not take part with them; says what to do
     */
    public static TlsMaterial fromStores(StoreFile keyStore, StoreFile trustStore, Instant now)
            throws CertificateMaterialException {
        MaterialFiles files = new MaterialFiles(keyStore, trustStore);
        MaterialFiles.Loaded loaded = files.parse(files.read(), now);
        return of(loaded.identity(), loaded.trusted());
    }

    /**
     * Uses an identity and trusted certificates as they are, expired or not: nothing is checked.
     *
     * @param trusted at least one
     */
    public static TlsMaterial of(Identity identity, List<X509Certificate> trusted) {
        return new TlsMaterial(new IdentityKeyManager("member", identity), trustManager(trusted));
    }

    /**
     * The JVM's PKIX trust over some certificates. No key store holds them in between: which types of key store exist
     * depends on the JVM's providers, and under FIPS few do.
     */
    public static X509ExtendedTrustManager trustManager(List<X509Certificate> trusted) {
        try {
            Set<TrustAnchor> anchors = trusted.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(Boolean.getBoolean(CHECK_REVOCATION));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JVM must build PKIX trust in memory", e);
        }
        throw new IllegalStateException("The JVM's PKIX trust manager must extend X509ExtendedTrustManager");
    }

    private static String className(Object object) {
        return object == null ? "missing" : object.getClass().getName();
    }
}
