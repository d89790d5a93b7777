package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.CHAIN_BROKEN;
import static io.evenkeel.certs.CertificateMaterialException.Reason.EXPIRED;
import static io.evenkeel.certs.CertificateMaterialException.Reason.KEY_MISMATCH;
import static io.evenkeel.certs.CertificateMaterialException.Reason.NOT_YET_VALID;
import static io.evenkeel.certs.CertificateMaterialException.Reason.NO_TRUSTED_CERTIFICATE;
import static io.evenkeel.certs.CertificateMaterialException.Reason.UNSUPPORTED_KEY;
import static io.evenkeel.certs.CertificateMaterialException.Reason.WRONG_USAGE;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Judges keys and certificates against each other and against a given time. Any thread. */
public final class Certificates {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    /** Its place in X509Certificate.getKeyUsage (RFC 5280, section 4.2.1.3). */
    private static final int DIGITAL_SIGNATURE = 0;

    private Certificates() {}

    /** Refuses an identity with which a member could not take part: the first thing found wrong with it. */
    public static void check(String source, Identity identity, Instant now) throws CertificateMaterialException {
        checkKey(source, identity);
        checkChain(source, identity.chain(), now);
    }

    /**
     * As the other method, for certificates whose key is elsewhere: the member's own, then each issuer of the one
     * before.
     */
    public static void checkChain(String source, List<X509Certificate> chain, Instant now)
            throws CertificateMaterialException {
        checkOrder(source, chain);
        for (X509Certificate certificate : chain) {
            checkValidity(source, certificate, now);
        }
        checkUsage(source, chain.get(0));
    }

    /**
     * Reads and checks a trust store, as a member does that starts with it; blocks on its file.
     *
     * @throws CertificateMaterialException if it holds no certificate that is valid now
     */
    public static List<X509Certificate> readTrusted(StoreFile trustStore, Instant now)
            throws CertificateMaterialException {
        return MaterialFiles.trusted(trustStore, FileContents.read(trustStore.files()), now);
    }

    /**
     * Refuses a set of trusted certificates of which none is valid now; an outdated one beside a valid one is let be.
     */
    public static void checkTrusted(String source, List<X509Certificate> trusted, Instant now)
            throws CertificateMaterialException {
        if (trusted.isEmpty()) {
            throw new CertificateMaterialException(
                    NO_TRUSTED_CERTIFICATE,
                    source,
                    "holds no trusted certificate",
                    "import the certificate of the authority that signs the members, as a trusted certificate");
        }
        CertificateMaterialException first = null;
        for (X509Certificate certificate : trusted) {
            try {
                checkValidity(source, certificate, now);
                return;
            } catch (CertificateMaterialException e) {
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    /** Refuses a certificate that has expired or is not valid yet. */
    public static void checkValidity(String source, X509Certificate certificate, Instant now)
            throws CertificateMaterialException {
        Instant notBefore = certificate.getNotBefore().toInstant();
        Instant notAfter = certificate.getNotAfter().toInstant();
        if (now.isBefore(notBefore)) {
            throw refuse(
                    NOT_YET_VALID,
                    source,
                    describe(certificate) + " is valid only from " + notBefore + ", it is " + now,
                    "check this host's clock, or wait, or use a certificate that is valid now");
        }
        if (now.isAfter(notAfter)) {
            throw refuse(
                    EXPIRED,
                    source,
                    describe(certificate) + " expired at " + notAfter + ", it is " + now,
                    "renew the certificate, or check this host's clock");
        }
    }

    /** True if one of the chain is trusted itself, or was signed by a trusted one. */
    public static boolean leadTo(List<X509Certificate> chain, List<X509Certificate> trusted) {
        return chain.stream()
                .anyMatch(link -> trusted.contains(link) || trusted.stream().anyMatch(anchor -> signed(anchor, link)));
    }

    private static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // That the signature is another's is the answer, not a failure.
            return false;
        }
    }

    private static void checkKey(String source, Identity identity) throws CertificateMaterialException {
        boolean matches;
        try {
            matches = matches(identity.key(), identity.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new CertificateMaterialException(
                    UNSUPPORTED_KEY,
                    source,
                    "a private key of algorithm " + identity.key().getAlgorithm() + " beside a certificate for "
                            + identity.certificate().getPublicKey().getAlgorithm() + " cannot sign",
                    "use an EC (P-256, P-384), RSA or Ed25519 key with its own certificate",
                    e);
        }
        if (!matches) {
            int place = placeOfOwn(identity);
            throw refuse(
                    KEY_MISMATCH,
                    source,
                    "the private key does not belong to " + describe(identity.certificate())
                            + (place > 0 ? ", but to the one at place " + (place + 1) + " of the chain" : ""),
                    place > 0
                            ? "put the member's own certificate first, then each issuer of the one before"
                            : "use the key and the certificate that were made together");
        }
    }

    /** The index of the key's certificate in the chain; -1 if it is not there. */
    private static int placeOfOwn(Identity identity) {
        for (int i = 0; i < identity.chain().size(); i++) {
            if (belongs(identity.key(), identity.chain().get(i).getPublicKey())) {
                return i;
            }
        }
        return -1;
    }

    private static boolean belongs(PrivateKey key, PublicKey publicKey) {
        try {
            return matches(key, publicKey);
        } catch (GeneralSecurityException e) {
            // A key of another kind is not this key's.
            return false;
        }
    }

    private static boolean matches(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        if (key instanceof RSAKey secret && publicKey instanceof RSAKey open) {
            return secret.getModulus().equals(open.getModulus());
        }
        if (!sameFamily(key.getAlgorithm(), publicKey.getAlgorithm())) {
            return false;
        }
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
        byte[] probe = "evenkeel: does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(publicKey);
        verifier.update(probe);
        return verifier.verify(signature);
    }

    // The JDK calls both Edwards curves EdDSA where other providers name the curve.
    private static boolean sameFamily(String one, String other) {
        return one.equals(other) || (one.startsWith("Ed") && other.startsWith("Ed"));
    }

    private static void checkOrder(String source, List<X509Certificate> chain) throws CertificateMaterialException {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            X509Certificate issuer = chain.get(i + 1);
            if (!signed(issuer, certificate)) {
                throw refuse(
                        CHAIN_BROKEN,
                        source,
                        describe(certificate) + " was not signed by the next in the chain, " + describe(issuer),
                        "put the certificates in order: the member's own, then each issuer of the one before");
            }
        }
    }

    private static void checkUsage(String source, X509Certificate certificate) throws CertificateMaterialException {
        boolean[] keyUsages = certificate.getKeyUsage();
        // A CA's key, which is read in the same way, signs certificates only.
        boolean authority = certificate.getBasicConstraints() >= 0;
        if (keyUsages != null && !keyUsages[DIGITAL_SIGNATURE] && !authority) {
            throw refuse(
                    WRONG_USAGE,
                    source,
                    describe(certificate) + " has key usages without digitalSignature, with which TLS proves the key",
                    "issue it with digitalSignature, or with no key usage");
        }
        List<String> usages;
        try {
            usages = certificate.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw new CertificateMaterialException(
                    WRONG_USAGE,
                    source,
                    "the extended key usage of " + describe(certificate) + " cannot be read",
                    "issue the certificate anew",
                    e);
        }
        if (usages == null || usages.contains(ANY_USAGE) || usages.containsAll(Set.of(SERVER_AUTH, CLIENT_AUTH))) {
            return;
        }
        throw refuse(
                WRONG_USAGE,
                source,
                describe(certificate) + " has the extended key usages " + new ArrayList<>(usages)
                        + ", a member is client and server",
                "issue it with serverAuth and clientAuth, or with no extended key usage");
    }

    /** A certificate's subject and serial number, for a line of the log. */
    public static String describe(X509Certificate certificate) {
        return "the certificate '" + certificate.getSubjectX500Principal().getName() + "' (serial "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    private static CertificateMaterialException refuse(Reason reason, String source, String problem, String remedy) {
        return new CertificateMaterialException(reason, source, problem, remedy);
    }
}
