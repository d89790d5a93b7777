package io.evenkeel.certs.authority;

import io.evenkeel.certs.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
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
        return create(subject, type, notBefore, notAfter, new BasicConstraints(true), random);
    }

    /** As the other method; it may sign for members, and for no authority below it (path length 0). */
    public static CertificateAuthority createForMembers(
            String subject, KeyType type, Instant notBefore, Instant notAfter, SecureRandom random) {
        return create(subject, type, notBefore, notAfter, new BasicConstraints(0), random);
    }

    private static CertificateAuthority create(
            String subject,
            KeyType type,
            Instant notBefore,
            Instant notAfter,
            BasicConstraints constraints,
            SecureRandom random) {
        KeyPair pair = type.generate(random);
        CertificateSpec spec = CertificateSpec.node(subject, notBefore, notAfter);
        Issuer self = new Issuer(new X500Principal(subject), pair.getPublic(), pair.getPrivate());
        X509Certificate certificate = sign(self, spec, pair.getPublic(), constraints, random);
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
        return issue(spec, type.generate(random), random);
    }

    /**
     * A member's certificate for a key that stays where it is, followed by the authorities between it and the root.
     *
     * @throws IllegalArgumentException if the subject or a name cannot be written
     */
    public List<X509Certificate> certify(CertificateSpec spec, PublicKey key, SecureRandom random) {
        return certify(spec, key, new BasicConstraints(false), random);
    }

    /** An authority below this one, with a P-256 key; names and usages of the spec are left out. */
    public CertificateAuthority issueAuthority(CertificateSpec spec, SecureRandom random) {
        KeyPair pair = KeyType.EC_P256.generate(random);
        return new CertificateAuthority(
                new Identity(pair.getPrivate(), certify(spec, pair.getPublic(), new BasicConstraints(true), random)));
    }

    /**
     * The list of this authority's revoked certificates (RFC 5280, section 5).
     *
     * @param number greater than that of each list before
     * @param nextUpdate when the next list will be there at the latest; who goes by lists refuses an older one
     */
    public X509CRL revocationList(
            BigInteger number,
            Instant thisUpdate,
            Instant nextUpdate,
            Collection<Revocation> revocations,
            SecureRandom random) {
        try {
            X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(certificate(), Date.from(thisUpdate));
            builder.setNextUpdate(Date.from(nextUpdate));
            revocations.forEach(each -> builder.addCRLEntry(each.serial(), Date.from(each.at()), each.reason()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(certificate().getPublicKey()));
            return new JcaX509CRLConverter()
                    .getCRL(builder.build(signer(certificate().getPublicKey(), identity.key(), random)));
        } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The JDK must sign a list of revoked certificates", e);
        }
    }

    /**
     * A certificate that is not to be trusted any more, although it has not expired.
     *
     * @param reason a code of RFC 5280, section 5.3.1, such as 1 for keyCompromise; 0 for unspecified
     */
    public record Revocation(BigInteger serial, Instant at, int reason) {}

    private Identity issue(CertificateSpec spec, KeyPair pair, SecureRandom random) {
        return new Identity(pair.getPrivate(), certify(spec, pair.getPublic(), random));
    }

    private List<X509Certificate> certify(
            CertificateSpec spec, PublicKey key, BasicConstraints constraints, SecureRandom random) {
        Issuer issuer = new Issuer(
                certificate().getSubjectX500Principal(), certificate().getPublicKey(), identity.key());
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(sign(issuer, spec, key, constraints, random));
        identity.chain().stream().filter(link -> !selfIssued(link)).forEach(chain::add);
        return chain;
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private record Issuer(X500Principal name, PublicKey publicKey, PrivateKey key) {}

    private static X509Certificate sign(
            Issuer issuer,
            CertificateSpec spec,
            PublicKey subjectKey,
            BasicConstraints constraints,
            SecureRandom random) {
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
            builder.addExtension(Extension.basicConstraints, true, constraints);
            builder.addExtension(Extension.keyUsage, true, keyUsage(subjectKey, constraints.isCA()));
            if (!constraints.isCA()) {
                addMemberExtensions(builder, spec);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(signer(issuer.publicKey(), issuer.key(), random)));
        } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The JDK must sign a certificate for " + spec.subject(), e);
        }
    }

    private static ContentSigner signer(PublicKey publicKey, PrivateKey key, SecureRandom random)
            throws OperatorCreationException {
        return new JcaContentSignerBuilder(KeyType.signatureAlgorithm(publicKey))
                .setSecureRandom(random)
                .build(key);
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
            builder.addExtension(Extension.subjectAlternativeName, false, generalNames(spec.names()));
        }
        if (spec.crlUrl() != null) {
            GeneralName url = new GeneralName(GeneralName.uniformResourceIdentifier, spec.crlUrl());
            DistributionPoint point =
                    new DistributionPoint(new DistributionPointName(new GeneralNames(url)), null, null);
            builder.addExtension(
                    Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {point}));
        }
        if (!spec.usages().isEmpty()) {
            KeyPurposeId[] purposes = spec.usages().stream()
                    .sorted()
                    .map(CertificateAuthority::purpose)
                    .toArray(KeyPurposeId[]::new);
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }
    }

    static GeneralNames generalNames(List<CertificateSpec.AlternativeName> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(tag(name.type()), name.value()))
                .toArray(GeneralName[]::new));
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
