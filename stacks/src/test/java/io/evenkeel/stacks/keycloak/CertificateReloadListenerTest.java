package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.infinispan.notifications.cachemanagerlistener.CacheManagerNotifierImpl;
import org.infinispan.remoting.transport.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keycloak.jgroups.certificates.CertificateReloadManager;
import org.keycloak.models.KeycloakSessionFactory;

/** Infinispan's own notifier and Keycloak's own manager, with a database that hangs. */
class CertificateReloadListenerTest {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch databaseIsBack = new CountDownLatch(1);
    private final CertificateReloadManager manager = new CertificateReloadManager(databaseThatHangs());
    private final CacheManagerNotifierImpl views = new CacheManagerNotifierImpl();

    @AfterEach
    void endReload() {
        databaseIsBack.countDown();
    }

    private KeycloakSessionFactory databaseThatHangs() {
        return (KeycloakSessionFactory) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeycloakSessionFactory.class},
                (proxy, method, arguments) -> {
                    asked.countDown();
                    databaseIsBack.await();
                    throw new IllegalStateException("the connection was lost");
                });
    }

    @Test
    void aViewDoesNotWaitForTheDatabase() throws Exception {
        views.addListener(manager);
        CertificateReloadListener listener =
                CertificateReloadListener.replace(manager, views).orElseThrow();

        assertThat(installView().toCompletableFuture()).isCompleted();
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(views.getListeners()).contains(listener).doesNotContain(manager);

        listener.close();
        assertThat(views.getListeners()).doesNotContain(listener);
    }

    @Test
    void aMergeReloadsToo() throws Exception {
        views.addListener(manager);
        assertThat(CertificateReloadListener.replace(manager, views)).isPresent();

        List<Address> members = List.of(Address.LOCAL);
        views.notifyMerge(members, members, Address.LOCAL, 2, List.of(members));

        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
    }

    /** A Keycloak that listens in another way keeps what it has. */
    @Test
    void aManagerThatDoesNotListenIsLeftAlone() {
        assertThat(CertificateReloadListener.replace(manager, views)).isEmpty();
    }

    private CompletionStage<Void> installView() {
        List<Address> members = List.of(Address.LOCAL);
        return views.notifyViewChange(members, members, Address.LOCAL, 1);
    }
}
