package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over Keycloak's own trust manager with a database that hangs. */
class AutomaticTrustTest {
    private final X509Certificate first = certificate();
    private final X509Certificate second = certificate();
    private final AtomicInteger readsOfHandshakes = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch databaseIsBack = new CountDownLatch(1);
    private X509ExtendedTrustManager keycloaks;
    private AutomaticTrust trust;

    private static X509Certificate certificate() {
        Instant now = Instant.now();
        return CertificateAuthority.create("CN=jgroups", now.minusSeconds(60), now.plusSeconds(600), new SecureRandom())
                .certificate();
    }

    @BeforeEach
    void open() throws Exception {
        Class<?> type = Class.forName("org.keycloak.jgroups.certificates.ReloadingX509ExtendedTrustManager");
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        keycloaks = (X509ExtendedTrustManager) constructor.newInstance();
        invoke("setExceptionHandler", Runnable.class, (Runnable) readsOfHandshakes::incrementAndGet);
        install(first);
        trust = new AutomaticTrust(keycloaks, () -> {
            reads.incrementAndGet();
            awaitDatabase();
            install(second);
        });
    }

    @AfterEach
    void endReload() {
        databaseIsBack.countDown();
    }

    private void install(X509Certificate trusted) {
        invoke("reload", X509ExtendedTrustManager.class, TlsMaterial.trustManager(List.of(trusted)));
    }

    private void invoke(String name, Class<?> type, Object argument) {
        try {
            Method method = keycloaks.getClass().getMethod(name, type);
            method.setAccessible(true);
            method.invoke(keycloaks, argument);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitDatabase() {
        try {
            databaseIsBack.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(X509Certificate shown) throws CertificateException {
        trust.checkClientTrusted(new X509Certificate[] {shown}, "RSA");
    }

    @Test
    void aRefusedHandshakeDoesNotWaitForTheDatabaseAndHasItReadAllTheSame() {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> check(second)).isInstanceOf(CertificateException.class);
        }

        await().until(() -> reads.get() == 1);
        assertThat(readsOfHandshakes).hasValue(0);
        assertThatCode(() -> check(first)).doesNotThrowAnyException();
    }

    @Test
    void aNewerCertificateIsTrustedOnceItWasRead() {
        databaseIsBack.countDown();
        assertThatThrownBy(() -> check(second)).isInstanceOf(CertificateException.class);

        await().untilAsserted(() -> assertThatCode(() -> check(second)).doesNotThrowAnyException());
        assertThat(trust.getAcceptedIssuers()).containsExactly(second);
        assertThatThrownBy(() -> check(first)).isInstanceOf(CertificateException.class);
    }
}
