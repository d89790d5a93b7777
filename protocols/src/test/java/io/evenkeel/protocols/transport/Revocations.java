package io.evenkeel.protocols.transport;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import java.net.URI;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Lists of revoked certificates (RFC 5280, section 5), and who goes by them. */
public final class Revocations {
    private Revocations() {}

    /** The authority's list, valid for a day. */
    public static X509CRL list(CertificateAuthority authority, X509Certificate... revoked) throws Exception {
        Instant now = Instant.now();
        X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(
                        authority.certificate().getSubjectX500Principal(), Date.from(now.minus(Duration.ofHours(1))))
                .setNextUpdate(Date.from(now.plus(Duration.ofDays(1))));
        for (X509Certificate each : revoked) {
            builder.addCRLEntry(each.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
        }
        X509CRLHolder signed = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                .build(authority.identity().key()));
        return new JcaX509CRLConverter().getCRL(signed);
    }

    /** Trusts the authority, but for the certificates in its list; the JDK's PKIX reads it. */
    public static X509ExtendedTrustManager trust(CertificateAuthority authority, X509CRL list) throws Exception {
        PKIXBuilderParameters parameters = anchoredAt(authority);
        parameters.setRevocationEnabled(true);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list))));
        return manager(parameters);
    }

    /**
     * Trusts the authority, but for what its OCSP responder says is revoked; an unavailable responder is no
     * obstacle.
     */
    public static X509ExtendedTrustManager softTrust(CertificateAuthority authority, URI responder) throws Exception {
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOcspResponder(responder);
        checker.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.SOFT_FAIL, PKIXRevocationChecker.Option.NO_FALLBACK));
        PKIXBuilderParameters parameters = anchoredAt(authority);
        parameters.addCertPathChecker(checker);
        return manager(parameters);
    }

    private static PKIXBuilderParameters anchoredAt(CertificateAuthority authority) throws Exception {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("authority", authority.certificate());
        return new PKIXBuilderParameters(anchors, new X509CertSelector());
    }

    private static X509ExtendedTrustManager manager(PKIXBuilderParameters parameters) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** A member's identity whose certificate says where its authority's list lies. */
    public static Identity pointingTo(CertificateAuthority authority, URI list) throws Exception {
        return with(authority, Extension.cRLDistributionPoints, new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(new DistributionPointName(new GeneralNames(at(list))), null, null)
        }));
    }

    /**
     * A member's identity whose certificate says where its authority's OCSP responder is (RFC 5280, section 4.2.2.1).
     */
    public static Identity askingAt(CertificateAuthority authority, URI responder) throws Exception {
        return with(
                authority,
                Extension.authorityInfoAccess,
                new AuthorityInformationAccess(AccessDescription.id_ad_ocsp, at(responder)));
    }

    private static GeneralName at(URI place) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, place.toString());
    }

    private static Identity with(CertificateAuthority authority, ASN1ObjectIdentifier extension, ASN1Encodable value)
            throws Exception {
        Identity plain = authority.issue(TestMembers.spec("CN=node"), new SecureRandom());
        X509Certificate model = plain.certificate();
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                X500Name.getInstance(
                                        model.getIssuerX500Principal().getEncoded()),
                                model.getSerialNumber(),
                                model.getNotBefore(),
                                model.getNotAfter(),
                                X500Name.getInstance(
                                        model.getSubjectX500Principal().getEncoded()),
                                model.getPublicKey())
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                        .addExtension(extension, false, value)
                        .build(new JcaContentSignerBuilder("SHA256withECDSA")
                                .build(authority.identity().key())));
        return new Identity(plain.key(), List.of(certificate));
    }

    /** The same identity, going by a list. */
    public static TlsMaterial material(CertificateAuthority authority, Identity identity, X509CRL list)
            throws Exception {
        TlsMaterial plain = TlsMaterial.of(identity, List.of(authority.certificate()));
        return new TlsMaterial(plain.keyManager(), trust(authority, list));
    }

    /** An identity as any other member's. */
    public static Identity identity(CertificateAuthority authority) {
        CertificateSpec spec = TestMembers.spec("CN=node");
        return authority.issue(spec, new SecureRandom());
    }
}
