package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.CertificateSpec.Usage;
import io.evenkeel.certs.authority.KeyType;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** The verdict about a member's material with one field at its boundary and all others sound, for random members. */
class VerdictBoundaryTest {
    private static final int RUNS = 40;
    private static final Duration TICK = Duration.ofMillis(1);
    private static final KeyType[] KEYS = {KeyType.EC_P256, KeyType.EC_P384, KeyType.ED25519, KeyType.RSA_2048};

    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final CertificateAuthority root = CertificateAuthority.create(
            "CN=Root", begin.minus(Duration.ofDays(900)), begin.plus(Duration.ofDays(900)), RANDOM);
    private final CertificateAuthority middle = root.issueAuthority(
            CertificateSpec.node("CN=Middle", begin.minus(Duration.ofDays(800)), begin.plus(Duration.ofDays(800))),
            RANDOM);

    @Test
    void eachFieldAtItsBoundary() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int run = 0; run < RUNS; run++) {
            Instant notBefore = begin.plusSeconds(random.nextInt(40_000_000) - 40_000_000L);
            Instant notAfter = notBefore.plusSeconds(1 + random.nextInt(40_000_000));
            KeyType key = KEYS[run % KEYS.length];
            CertificateSpec spec = CertificateSpec.node("CN=m" + run, notBefore, notAfter);
            Identity sound = middle.issue(spec, key, RANDOM);

            assertThat(verdict(sound, notBefore)).isNull();
            assertThat(verdict(sound, notAfter)).isNull();
            assertThat(verdict(sound, notBefore.minus(TICK))).isEqualTo(Reason.NOT_YET_VALID);
            assertThat(verdict(sound, notAfter.plus(TICK))).isEqualTo(Reason.EXPIRED);

            assertThat(verdict(middle.issue(spec.withUsages(), key, RANDOM), notBefore))
                    .as("no usage allows each")
                    .isNull();
            assertThat(verdict(middle.issue(spec.withUsages(Usage.SERVER), key, RANDOM), notBefore))
                    .isEqualTo(Reason.WRONG_USAGE);
            assertThat(verdict(middle.issue(spec.withUsages(Usage.CLIENT), key, RANDOM), notBefore))
                    .isEqualTo(Reason.WRONG_USAGE);

            KeyType other = KEYS[random.nextInt(KEYS.length)];
            assertThat(verdict(new Identity(middle.issue(spec, other, RANDOM).key(), sound.chain()), notBefore))
                    .isEqualTo(Reason.KEY_MISMATCH);
            assertChains(sound, notBefore);
        }
    }

    private void assertChains(Identity sound, Instant now) {
        List<X509Certificate> whole = new ArrayList<>(sound.chain());
        whole.add(root.certificate());
        assertThat(verdict(new Identity(sound.key(), whole), now)).isNull();
        assertThat(verdict(new Identity(sound.key(), List.of(sound.certificate())), now))
                .isNull();
        Collections.swap(whole, 1, 2);
        assertThat(verdict(new Identity(sound.key(), whole), now)).isEqualTo(Reason.CHAIN_BROKEN);
        Collections.swap(whole, 0, 2);
        assertThat(verdict(new Identity(sound.key(), whole), now)).isEqualTo(Reason.KEY_MISMATCH);
        assertThat(Certificates.leadTo(sound.chain(), List.of(root.certificate())))
                .isTrue();
        assertThat(Certificates.leadTo(List.of(sound.certificate()), List.of(root.certificate())))
                .isFalse();
        assertThat(Certificates.leadTo(
                        sound.chain(), List.of(Fixture.authority("Root", begin).certificate())))
                .as("another of the same name")
                .isFalse();
    }

    /** Every combination of the nine key usages of RFC 5280, and none at all. */
    @Test
    void keyUsagesNeedDigitalSignature() throws Exception {
        KeyPair pair = KeyType.EC_P256.generate(RANDOM);
        int[] bits = {
            KeyUsage.digitalSignature,
            KeyUsage.nonRepudiation,
            KeyUsage.keyEncipherment,
            KeyUsage.dataEncipherment,
            KeyUsage.keyAgreement,
            KeyUsage.keyCertSign,
            KeyUsage.cRLSign,
            KeyUsage.encipherOnly,
            KeyUsage.decipherOnly
        };
        assertThat(verdict(selfSigned(pair, null), begin)).isNull();
        for (int chosen = 1; chosen < 1 << bits.length; chosen++) {
            int usages = 0;
            for (int i = 0; i < bits.length; i++) {
                usages |= (chosen >> i & 1) == 1 ? bits[i] : 0;
            }
            assertThat(verdict(selfSigned(pair, new KeyUsage(usages)), begin))
                    .as(Integer.toBinaryString(chosen))
                    .isEqualTo((chosen & 1) == 1 ? null : Reason.WRONG_USAGE);
        }
    }

    private Identity selfSigned(KeyPair pair, KeyUsage usage) throws Exception {
        X500Principal name = new X500Principal("CN=usages");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, BigInteger.ONE, Date.from(begin), Date.from(begin.plusSeconds(60)), name, pair.getPublic());
        if (usage != null) {
            builder.addExtension(Extension.keyUsage, true, usage);
        }
        return new Identity(
                pair.getPrivate(),
                List.of(new JcaX509CertificateConverter()
                        .getCertificate(builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())))));
    }

    /** The reason of the refusal; null if there is none. */
    private static Reason verdict(Identity identity, Instant now) {
        try {
            Certificates.check("test", identity, now);
            return null;
        } catch (CertificateMaterialException e) {
            return e.reason();
        }
    }
}
