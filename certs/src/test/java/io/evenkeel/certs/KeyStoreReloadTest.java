package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A PKCS12 key store and trust store behind Kubernetes' {@code ..data} link, replaced while they are watched, in each
 * order and in each half-done state.
 */
class KeyStoreReloadTest {

    private static final String KEY_OPTION = "--cache-embedded-mtls-key-store-file";

    private enum Order {
        KEYS_FIRST,
        TRUST_FIRST,
        AT_ONCE
    }

    @TempDir
    Path directory;

    private final Instant start = Instant.now();
    private final CertificateAuthority before = Fixture.authority("Before", start);
    private final CertificateAuthority after = Fixture.authority("After", start);
    private final ReloadRecorder recorder = new ReloadRecorder();
    private Instant now = start;
    private long nowNs;
    private StoreFile keys;
    private StoreFile trust;

    @BeforeEach
    void writeFirst() throws Exception {
        keys = Fixture.store(directory, "keys.p12", "PKCS12").configuredBy(KEY_OPTION);
        trust = Fixture.store(directory, "trust.p12", "PKCS12").configuredBy("--cache-embedded-mtls-trust-store-file");
        writeKeys(before);
        writeTrust(before);
    }

    private X509Certificate writeKeys(CertificateAuthority issuer) throws Exception {
        Identity identity = issuer.issue(Fixture.node("member", start), RANDOM);
        MaterialWriter.writeKeyStore(keys, identity);
        return identity.certificate();
    }

    private void writeTrust(CertificateAuthority authority) throws IOException {
        MaterialWriter.writeTrustStore(trust, List.of(authority.certificate()));
    }

    private ReloadableMaterial open() throws Exception {
        return ReloadableMaterial.open(keys, trust, ReloadSettings.DEFAULT, recorder, () -> now, () -> nowNs);
    }

    private void settle(ReloadableMaterial material) {
        for (int look = 0; look < 3; look++) {
            nowNs += TimeUnit.SECONDS.toNanos(5);
            now = now.plusSeconds(5);
            material.poll();
        }
    }

    private static X509Certificate presented(ReloadableMaterial material) {
        String alias = material.material().keyManager().chooseEngineServerAlias("EC", null, null);
        return material.material().keyManager().getCertificateChain(alias)[0];
    }

    private static X509Certificate trusted(ReloadableMaterial material) {
        return material.material().trustManager().getAcceptedIssuers()[0];
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void anAuthorityIsExchangedInEachOrder(Order order) throws Exception {
        try (ReloadableMaterial material = open()) {
            X509Certificate old = presented(material);
            X509Certificate next = null;
            if (order == Order.TRUST_FIRST) {
                writeTrust(after);
            } else {
                next = writeKeys(after);
            }
            if (order != Order.AT_ONCE) {
                settle(material);
                assertThat(presented(material)).isEqualTo(old);
                assertThat(trusted(material)).isEqualTo(before.certificate());
                assertThat(recorder.refused).singleElement().satisfies(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.CHAIN_BROKEN);
                    assertThat(refusal)
                            .hasMessageContaining(keys.path() + " (" + KEY_OPTION + ")")
                            .hasMessageContaining(trust.path().toString())
                            .hasMessageContaining("so that they fit each other");
                });
            }
            if (next == null) {
                next = writeKeys(after);
            } else {
                writeTrust(after);
            }
            settle(material);

            assertThat(presented(material)).isEqualTo(next);
            assertThat(trusted(material)).isEqualTo(after.certificate());
            assertThat(recorder.reloaded).containsExactly(next);
            assertThat(recorder.refused).hasSize(order == Order.AT_ONCE ? 0 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 500})
    void whatIsVanishedTruncatedOrHalfWrittenIsToldOnceAndTheNextGoodFileIsTaken(int bytesLeft) throws Exception {
        try (ReloadableMaterial material = open()) {
            X509Certificate old = presented(material);
            if (bytesLeft < 0) {
                Files.delete(keys.path());
            } else {
                Files.write(keys.path(), Arrays.copyOf(Files.readAllBytes(keys.path()), bytesLeft));
            }
            settle(material);
            settle(material);

            assertThat(presented(material)).isEqualTo(old);
            assertThat(recorder.refused).singleElement().satisfies(refusal -> {
                assertThat(refusal.reason()).isEqualTo(bytesLeft < 0 ? Reason.MISSING_FILE : Reason.DAMAGED);
                assertThat(refusal)
                        .hasMessageStartingWith("key store " + keys.path() + " (" + KEY_OPTION + "): ")
                        .hasMessageContaining(bytesLeft < 0 ? "create it" : "write it anew");
            });

            X509Certificate next = writeKeys(before);
            settle(material);
            assertThat(presented(material)).isEqualTo(next);
            assertThat(recorder.refused).hasSize(1);
        }
    }

    @Test
    void aSwapOfKubernetesDataLinkIsAChange() throws Exception {
        Path first = Files.createDirectory(directory.resolve("..2026_1"));
        Path second = Files.createDirectory(directory.resolve("..2026_2"));
        for (StoreFile store : List.of(keys, trust)) {
            Files.move(store.path(), first.resolve(store.path().getFileName()));
            Files.createSymbolicLink(
                    store.path(), Path.of("..data", store.path().getFileName().toString()));
        }
        Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
        try (ReloadableMaterial material = open()) {
            Identity next = after.issue(Fixture.node("member", start), RANDOM);
            MaterialWriter.writeKeyStore(Fixture.store(second, "keys.p12", "PKCS12"), next);
            MaterialWriter.writeTrustStore(Fixture.store(second, "trust.p12", "PKCS12"), List.of(after.certificate()));
            Files.createSymbolicLink(directory.resolve("..data_tmp"), second.getFileName());
            Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            settle(material);

            assertThat(presented(material)).isEqualTo(next.certificate());
            assertThat(recorder.refused).isEmpty();
        }
    }
}
