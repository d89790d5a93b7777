package io.evenkeel.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues the certificates of a cluster's members (RFC 5280). It has no clock and no storage: times and randomness are
 * arguments, what it issues is the caller's to keep.
 *
 * <p>Safe for threads if the {@link SecureRandom} is.
 */
public final class CertificateAuthority {

    private static final int SERIAL_BITS = 127;

    private final Identity identity;

    private CertificateAuthority(Identity identity) {
        this.identity = identity;
    }

    /** A new, self-signed authority with a P-256 key. */
    public static CertificateAuthority create(
            String subject, Instant notBefore, Instant notAfter, SecureRandom random) {
        return create(subject, KeyType.EC_P256, notBefore, notAfter, random);
    }

    /**
     * A new, self-signed authority.
     *
     * @param subject a distinguished name, such as {@code CN=Example CA}
     * @throws IllegalArgumentException if the subject is no distinguished name or the times are in the wrong order
     */
    public static CertificateAuthority create(
            String subject, KeyType type, Instant notBefore, Instant notAfter, SecureRandom random) {
        KeyPair pair = type.generate(random);
        CertificateSpec spec = CertificateSpec.node(subject, notBefore, notAfter);
        Issuer self = new Issuer(new X500Principal(subject), pair.getPublic(), pair.getPrivate());
        X509Certificate certificate = sign(self, spec, pair.getPublic(), true, random);
        return new CertificateAuthority(new Identity(pair.getPrivate(), List.of(certificate)));
    }

    /** An authority that was made before. */
    public static CertificateAuthority of(Identity identity) {
        if (identity.certificate().getBasicConstraints() < 0) {
            throw new IllegalArgumentException(identity + " may not issue: it is no authority's certificate");
        }
        return new CertificateAuthority(identity);
    }

    public X509Certificate certificate() {
        return identity.certificate();
    }

    /** The authority's own key and chain: the most secret thing that a cluster has. */
    public Identity identity() {
        return identity;
    }

    /** A member's identity with a P-256 key. */
    public Identity issue(CertificateSpec spec, SecureRandom random) {
        return issue(spec, KeyType.EC_P256, random);
    }

    /**
     * A member's identity: a new key and its certificate, followed by the authorities between it and the root.
     *
     * @throws IllegalArgumentException if the subject or a name cannot be written
     */
    public Identity issue(CertificateSpec spec, KeyType type, SecureRandom random) {
        return issue(spec, type.generate(random), false, random);
    }

    /** An authority below this one, with a P-256 key; names and usages of the spec are left out. */
    public CertificateAuthority issueAuthority(CertificateSpec spec, SecureRandom random) {
        return new CertificateAuthority(issue(spec, KeyType.EC_P256.generate(random), true, random));
    }

    private Identity issue(CertificateSpec spec, KeyPair pair, boolean authority, SecureRandom random) {
        Issuer issuer = new Issuer(
                certificate().getSubjectX500Principal(), certificate().getPublicKey(), identity.key());
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(sign(issuer, spec, pair.getPublic(), authority, random));
        identity.chain().stream().filter(link -> !selfIssued(link)).forEach(chain::add);
        return new Identity(pair.getPrivate(), chain);
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private record Issuer(X500Principal name, PublicKey publicKey, PrivateKey key) {}

    private static X509Certificate sign(
            Issuer issuer, CertificateSpec spec, PublicKey subjectKey, boolean authority, SecureRandom random) {
        Objects.requireNonNull(random, "random");
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    X500Name.getInstance(issuer.name().getEncoded()),
                    new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                    Date.from(spec.notBefore()),
                    Date.from(spec.notAfter()),
                    X500Name.getInstance(new X500Principal(spec.subject()).getEncoded()),
                    subjectKey);
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(subjectKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuer.publicKey()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, keyUsage(subjectKey, authority));
            if (!authority) {
                addMemberExtensions(builder, spec);
            }
            String algorithm =
                    KeyType.ofAlgorithm(issuer.publicKey().getAlgorithm()).signatureAlgorithm();
            ContentSigner signer = new JcaContentSignerBuilder(algorithm)
                    .setSecureRandom(random)
                    .build(issuer.key());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The JDK must sign a certificate for " + spec.subject(), e);
        }
    }

    private static KeyUsage keyUsage(PublicKey key, boolean authority) {
        if (authority) {
            return new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
        }
        boolean rsa = key.getAlgorithm().equals("RSA");
        return new KeyUsage(rsa ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment : KeyUsage.digitalSignature);
    }

    private static void addMemberExtensions(X509v3CertificateBuilder builder, CertificateSpec spec) throws IOException {
        if (!spec.names().isEmpty()) {
            GeneralName[] names = spec.names().stream()
                    .map(name -> new GeneralName(tag(name.type()), name.value()))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        if (!spec.usages().isEmpty()) {
            KeyPurposeId[] purposes = spec.usages().stream()
                    .sorted()
                    .map(CertificateAuthority::purpose)
                    .toArray(KeyPurposeId[]::new);
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }
    }

    private static int tag(CertificateSpec.NameType type) {
        return switch (type) {
            case DNS -> GeneralName.dNSName;
            case IP -> GeneralName.iPAddress;
            case URI -> GeneralName.uniformResourceIdentifier;
        };
    }

    private static KeyPurposeId purpose(CertificateSpec.Usage usage) {
        return switch (usage) {
            case SERVER -> KeyPurposeId.id_kp_serverAuth;
            case CLIENT -> KeyPurposeId.id_kp_clientAuth;
        };
    }
}
