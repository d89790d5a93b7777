package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.core.PeerVerdict.Refused;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Alternative names that no authority should sign: they fit no pattern, and nothing throws because of them. */
class OddNamesTest {
    private static final int OTHER_NAME = 0;
    private static final int DNS = 2;
    private static final int DIRECTORY = 4;
    private static final int URI = 6;
    private static final int IP = 7;
    private static final int REGISTERED_ID = 8;

    private final PeerPolicy policy = PeerPolicy.parse(
            "peers", "ip:10.0.0.0/8;ip:::/0;ip:0.0.0.0/0;dns:**.kc.test;uri:spiffe://kc.test/**;dn:CN=no");

    private final KeyPair keys;

    OddNamesTest() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
    }

    /**
     * A certificate with these raw names; null if the JDK itself does not read it, so that no handshake gets so far.
     */
    private X509Certificate bearing(DERTaggedObject... names) throws Exception {
        X500Name subject = new X500Name("CN=odd");
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.ONE,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(60)),
                subject,
                keys.getPublic());
        ASN1EncodableVector all = new ASN1EncodableVector();
        for (DERTaggedObject name : names) {
            all.add(name);
        }
        builder.addExtension(Extension.subjectAlternativeName, false, new DERSequence(all));
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (CertificateException e) {
            return null;
        }
    }

    @Test
    void addressesOfAnyLengthButFourAndSixteenBytesFitNothing() throws Exception {
        int read = 0;
        for (int length = 0; length <= 40; length++) {
            byte[] raw = new byte[length];
            if (length > 0) {
                raw[0] = 10;
            }
            X509Certificate certificate = bearing(new DERTaggedObject(false, IP, new DEROctetString(raw)));
            if (certificate == null) {
                continue;
            }
            read++;
            PeerVerdict verdict = policy.verdict(certificate);
            if (length == 4 || length == 16) {
                assertThat(verdict).as(length + " bytes").isInstanceOf(PeerVerdict.Accepted.class);
            } else {
                assertThat(verdict).as(length + " bytes").isInstanceOf(Refused.class);
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aGoodNameBesideAnAddressWithAMaskStillFits() throws Exception {
        X509Certificate certificate = bearing(
                new DERTaggedObject(false, IP, new DEROctetString(new byte[] {10, 0, 0, 0, (byte) 255, 0, 0, 0})),
                new DERTaggedObject(false, DNS, new DERIA5String("a.kc.test")));
        assertThat(policy.verdict(certificate)).isInstanceOf(PeerVerdict.Accepted.class);
    }

    @Test
    void oddNamesOfOtherKindsFitNothing() throws Exception {
        List<DERTaggedObject> odd = new ArrayList<>();
        for (String text :
                List.of("", ".", "..", "a..kc.test\0", "\0", "kc.test.", "*", "**", "%", "x".repeat(5_000))) {
            odd.add(new DERTaggedObject(false, DNS, new DERIA5String(text)));
            odd.add(new DERTaggedObject(false, URI, new DERIA5String(text)));
        }
        for (String uri :
                List.of("spiffe://", "spiffe:", "//kc.test/a", "http://[::", "spiffe://kc.test:99999999/a b")) {
            odd.add(new DERTaggedObject(false, URI, new DERIA5String(uri)));
        }
        // Bytes that are no ASCII where IA5String has to be.
        byte[] utf8 = "ä\u202e.kc.test\u0085".getBytes(StandardCharsets.UTF_8);
        odd.add(new DERTaggedObject(false, DNS, new DEROctetString(utf8)));
        odd.add(new DERTaggedObject(false, URI, new DEROctetString(utf8)));
        odd.add(new DERTaggedObject(true, DIRECTORY, new X500Name("CN=no")));
        odd.add(new DERTaggedObject(true, DIRECTORY, DERNull.INSTANCE));
        odd.add(new DERTaggedObject(false, REGISTERED_ID, new ASN1ObjectIdentifier("1.2.3.4")));
        odd.add(new DERTaggedObject(
                false, OTHER_NAME, new DERSequence(new DERTaggedObject(true, 0, new DERUTF8String("a.kc.test")))));
        int read = 0;
        for (DERTaggedObject each : odd) {
            X509Certificate certificate = bearing(each);
            if (certificate == null) {
                continue;
            }
            read++;
            assertThat(policy.verdict(certificate))
                    .as(each.toString())
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.message())
                            .doesNotContain("\n", "\0", "\u0085", "\u202e"));
        }
        assertThat(read).isPositive();
    }
}
