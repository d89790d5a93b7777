package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.certs.core.Expiry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadableMaterialTest {

    private static final ReloadSettings SETTINGS = new ReloadSettings(1_000, 2_000, 60_000);

    @TempDir
    Path directory;

    // The JDK's trust manager judges by the system's clock, so what is to shake hands must be valid by it.
    private final Instant start = Instant.now();
    private final CertificateAuthority root = Fixture.authority("Root", start);
    private final CertificateAuthority middle = root.issueAuthority(Fixture.node("Middle", start), RANDOM);
    private final TlsMaterial peer = Fixture.material(root, "peer");
    private final ReloadRecorder recorder = new ReloadRecorder();
    private Instant now = start;
    private long nowNs = Long.MAX_VALUE - 1;
    private Path certificates;
    private Path key;
    private Path trust;

    @BeforeEach
    void writeFirst() throws Exception {
        certificates = directory.resolve("tls.crt");
        key = directory.resolve("tls.key");
        trust = directory.resolve("ca.crt");
        MaterialWriter.writePem(trust, List.of(root.certificate()));
        write(issue("first"));
    }

    private Identity issue(String name) {
        return middle.issue(Fixture.node(name, start), RANDOM);
    }

    private void write(Identity identity) throws Exception {
        MaterialWriter.writePem(certificates, identity.chain());
        MaterialWriter.writePem(key, identity.key());
    }

    private ReloadableMaterial open() throws Exception {
        return ReloadableMaterial.open(
                StoreFile.pem(certificates, key, null),
                new StoreFile(trust, "PEM", null),
                SETTINGS,
                recorder,
                () -> now,
                () -> nowNs);
    }

    private void pass(ReloadableMaterial material, long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
        now = now.plusMillis(ms);
        material.poll();
    }

    private void settle(ReloadableMaterial material) {
        for (int i = 0; i < 4; i++) {
            pass(material, 1_000);
        }
    }

    private static X509Certificate presented(TlsMaterial material) {
        X509ExtendedKeyManager keys = material.keyManager();
        String alias = keys.chooseEngineServerAlias("EC", null, null);
        return keys.getCertificateChain(alias)[0];
    }

    @Test
    void twoHundredCyclesOfGoodAndBad() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (ReloadableMaterial material = open()) {
            for (int cycle = 1; cycle <= 200; cycle++) {
                String as = "seed " + seed + ", cycle " + cycle;
                Identity good = issue("good-" + cycle);
                MaterialWriter.writePem(certificates, good.chain());
                pass(material, 1_000); // the key is still to come
                MaterialWriter.writePem(key, good.key());
                settle(material);
                assertThat(presented(material.material())).as(as).isEqualTo(good.certificate());
                assertThat(recorder.reloaded).as(as).hasSize(cycle).endsWith(good.certificate());
                assertThat(material.status().refused()).as(as).isFalse();

                Reason reason = spoil(random, good);
                settle(material);
                settle(material);
                assertThat(presented(material.material())).as(as).isEqualTo(good.certificate());
                assertThat(recorder.refused).as(as).hasSize(cycle);
                assertThat(recorder.refused.get(cycle - 1).reason()).as(as).isEqualTo(reason);
                assertThat(material.status().refused()).as(as).isTrue();
                if (cycle % 20 == 0) {
                    Handshake.run(material.material(), peer);
                    Handshake.run(peer, material.material());
                }
            }
            assertThat(material.status().reloads()).isEqualTo(200);
            assertThat(material.status().refusals()).isEqualTo(200);
        }
    }

    private Reason spoil(Random random, Identity good) throws Exception {
        switch (random.nextInt(7)) {
            case 0 -> {
                Files.delete(random.nextBoolean() ? certificates : key);
                return Reason.MISSING_FILE;
            }
            case 1 -> {
                byte[] whole = Files.readAllBytes(key);
                Files.write(key, Arrays.copyOf(whole, random.nextInt(whole.length - 1)));
                return Reason.DAMAGED;
            }
            case 2 -> {
                byte[] noise = new byte[1 + random.nextInt(2000)];
                random.nextBytes(noise);
                noise[0] = 0;
                Files.write(certificates, noise);
                return Reason.DAMAGED;
            }
            case 3 -> {
                MaterialWriter.writePem(key, issue("other").key());
                return Reason.KEY_MISMATCH;
            }
            case 4 -> {
                write(middle.issue(
                        CertificateSpec.node("CN=old", start.minusSeconds(100), start.minusSeconds(1)), RANDOM));
                return Reason.EXPIRED;
            }
            case 5 -> {
                // What a writer leaves that stops between two certificates: a chain that is right, but too short.
                MaterialWriter.writePem(certificates, List.of(good.certificate()));
                return Reason.CHAIN_BROKEN;
            }
            default -> {
                MaterialWriter.writePem(key, good.key(), "secret".toCharArray(), RANDOM);
                return Reason.WRONG_PASSWORD;
            }
        }
    }

    @Test
    void aBadChangeIsToldOnceAndHealsByTime() throws Exception {
        try (ReloadableMaterial material = open()) {
            Identity early = middle.issue(
                    CertificateSpec.node("CN=early", start.plusSeconds(90), start.plusSeconds(900)), RANDOM);
            write(early);
            for (int i = 0; i < 50; i++) {
                pass(material, 1_000);
            }
            assertThat(recorder.refused).hasSize(1);
            assertThat(recorder.refused.get(0).reason()).isEqualTo(Reason.NOT_YET_VALID);
            assertThat(presented(material.material())).isNotEqualTo(early.certificate());
            for (int i = 0; i < 100; i++) {
                pass(material, 1_000);
            }
            assertThat(recorder.refused).hasSize(1);
            assertThat(recorder.reloaded).containsExactly(early.certificate());
            assertThat(material.status().refused()).isFalse();
        }
    }

    @Test
    void authoritiesChangeInTwoStepsAndNeverHalfway() throws Exception {
        try (ReloadableMaterial material = open()) {
            X509Certificate before = presented(material.material());
            CertificateAuthority next = Fixture.authority("Next root", start);
            MaterialWriter.writePem(trust, List.of(next.certificate()));
            settle(material);
            assertThat(recorder.refused).hasSize(1);
            assertThat(recorder.refused.get(0)).hasMessageContaining("no longer leads to a trusted certificate");
            assertThat(presented(material.material())).isEqualTo(before);
            Handshake.run(material.material(), peer);

            Identity renewed = next.issue(Fixture.node("renewed", start), RANDOM);
            write(renewed);
            settle(material);
            assertThat(presented(material.material())).isEqualTo(renewed.certificate());
            assertThatThrownBy(() -> Handshake.run(material.material(), peer)).hasMessageContaining("path");
            Handshake.run(material.material(), Fixture.material(next, "peer"));
        }
    }

    @Test
    void aHandshakeUnderWayKeepsTheIdentityThatItChose() throws Exception {
        try (ReloadableMaterial material = open()) {
            X509ExtendedKeyManager keys = material.material().keyManager();
            X509Certificate before = presented(material.material());
            String alias = keys.chooseEngineClientAlias(new String[] {"EC"}, null, null);
            PrivateKey keyBefore = keys.getPrivateKey(alias);
            write(issue("second"));
            settle(material);
            assertThat(recorder.reloaded).hasSize(1);
            assertThat(keys.getCertificateChain(alias)[0]).isEqualTo(before);
            assertThat(keys.getPrivateKey(alias)).isSameAs(keyBefore);
            assertThat(keys.chooseEngineClientAlias(new String[] {"EC"}, null, null))
                    .isNotEqualTo(alias);
        }
    }

    @Test
    void theEndIsToldOfOnceALevelAndAgainAfterAReload() throws Exception {
        try (ReloadableMaterial material = open()) {
            assertThat(material.status().notAfter().plusSeconds(1)).isAfter(start.plus(Duration.ofDays(10)));
            for (int hour = 0; hour < 24 * 11; hour++) {
                pass(material, Duration.ofHours(1).toMillis());
            }
            assertThat(recorder.expiring).containsExactly(Expiry.Level.SOON, Expiry.Level.URGENT, Expiry.Level.EXPIRED);
            assertThat(material.status().level()).isEqualTo(Expiry.Level.EXPIRED);

            write(root.issue(CertificateSpec.node("CN=new", now, now.plus(Duration.ofDays(9))), RANDOM));
            settle(material);
            assertThat(material.status().level()).isEqualTo(Expiry.Level.FINE);
            pass(material, Duration.ofDays(7).toMillis());
            assertThat(recorder.expiring).hasSize(4).endsWith(Expiry.Level.SOON);
        }
    }

    @Test
    void withNothingGoodToBeginWithItDoesNotOpen() throws Exception {
        Files.delete(key);
        assertThatThrownBy(this::open)
                .isInstanceOf(CertificateMaterialException.class)
                .hasMessageContaining("tls.key")
                .hasMessageContaining("does not exist");
    }

    @Test
    void theWatchOutlivesAListenerThatThrows() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        List<X509Certificate> seen = new CopyOnWriteArrayList<>();
        ReloadListener throwing = new ReloadListener() {
            @Override
            public void reloaded(X509Certificate certificate, Instant notAfter) {
                seen.add(certificate);
                throw new IllegalStateException("from the listener");
            }

            @Override
            public void refused(CertificateMaterialException refusal) {
                throw new IllegalStateException("from the listener");
            }

            @Override
            public void expiring(Expiry.Level level, Instant notAfter) {}
        };
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "certificate-watch");
            thread.setUncaughtExceptionHandler((who, e) -> uncaught.add(e));
            return thread;
        });
        try (ReloadableMaterial material = ReloadableMaterial.open(
                StoreFile.pem(certificates, key, null),
                new StoreFile(trust, "PEM", null),
                new ReloadSettings(1, 0, 1),
                throwing)) {
            material.start(scheduler);
            assertThatThrownBy(() -> material.start(scheduler)).isInstanceOf(IllegalStateException.class);
            List<X509Certificate> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Identity good = issue("good-" + i);
                write(good);
                expected.add(good.certificate());
                await().until(() -> seen.contains(good.certificate()));
                Files.delete(key);
                await().until(() -> material.status().refused());
            }
            assertThat(seen).containsExactlyElementsOf(expected);
            assertThat(uncaught).hasSizeGreaterThanOrEqualTo(5).allMatch(IllegalStateException.class::isInstance);
        } finally {
            scheduler.shutdownNow();
            assertThat(scheduler.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void afterCloseNothingIsScheduled() throws Exception {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
        scheduler.setRemoveOnCancelPolicy(true);
        try {
            ReloadableMaterial watched = open();
            try (watched) {
                watched.start(scheduler);
                assertThat(scheduler.getQueue()).hasSize(1);
            }
            assertThat(scheduler.getQueue()).isEmpty();
            assertThatThrownBy(() -> watched.start(scheduler)).hasMessage("closed");
        } finally {
            scheduler.shutdownNow();
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new ReloadSettings(0, 0, 1)).hasMessage("pollIntervalMs=0 must be >= 1");
        assertThatThrownBy(() -> new ReloadSettings(1, -1, 1)).hasMessage("debounceMs=-1 must be >= 0");
        assertThatThrownBy(() -> new ReloadSettings(1, 0, 0)).hasMessage("retryIntervalMs=0 must be >= 1");
    }
}
