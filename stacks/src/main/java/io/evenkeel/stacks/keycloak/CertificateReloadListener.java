package io.evenkeel.stacks.keycloak;

import io.evenkeel.stacks.log.StackMessages;
import java.util.Optional;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.CacheManagerNotifier;
import org.infinispan.notifications.cachemanagerlistener.CacheManagerNotifierImpl;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.keycloak.jgroups.certificates.CertificateReloadManager;

/**
 * Stands for Keycloak's {@link CertificateReloadManager} among the listeners of views, and has it reload on another
 * thread.
 *
 * <p>Keycloak reads its database in that call, on the thread that installs the view: a coordinator whose database does
 * not answer would let nobody join or leave. Everything else of the manager's, the rotation of certificates too, stays
 * its own.
 */
@Listener
public final class CertificateReloadListener implements AutoCloseable {
    private static final Log LOG = LogFactory.getLog(CertificateReloadListener.class);

    private final CacheManagerNotifier views;
    private final CoalescedTask reload;

    private CertificateReloadListener(CacheManagerNotifier views, CertificateReloadManager manager) {
        this.views = views;
        this.reload = new CoalescedTask("certificate-reload", manager::reloadCertificate);
    }

    /**
     * Takes the place of Keycloak's listener; to be called before the channel connects. Where that cannot be done
     * Keycloak's stays, and a WARN names what it costs.
     *
     * @return empty without automatic certificates, on a stack that is not the pack's, and where Keycloak's listener
     *     stays
     */
    public static Optional<CertificateReloadListener> install(
            GlobalComponentRegistry registry, GlobalConfiguration configuration) {
        boolean ours = configuration.transport().properties().get(JGroupsTransport.CHANNEL_CONFIGURATOR)
                instanceof KeycloakChannelConfigurator;
        if (!ours) {
            return Optional.empty();
        }
        try {
            CertificateReloadManager manager = registry.getComponent(CertificateReloadManager.class);
            return manager == null
                    ? Optional.empty()
                    : replace(manager, registry.getComponent(CacheManagerNotifier.class));
        } catch (RuntimeException | LinkageError e) {
            warn(e.toString());
            return Optional.empty();
        }
    }

    static Optional<CertificateReloadListener> replace(CertificateReloadManager manager, CacheManagerNotifier views) {
        if (!(views instanceof CacheManagerNotifierImpl known)
                || !known.getListeners().contains(manager)) {
            warn("Keycloak's CertificateReloadManager does not listen to views by itself");
            return Optional.empty();
        }
        CertificateReloadListener listener = new CertificateReloadListener(views, manager);
        // First, so that no failure leaves the views without a listener. Two do no harm.
        views.addListener(listener);
        views.removeListener(manager);
        return Optional.of(listener);
    }

    private static void warn(String reason) {
        StackMessages.RELOAD_NOT_MOVED.to(LOG, reason);
    }

    /** Called by Infinispan on the thread that installs the view. */
    @ViewChanged
    @Merged
    public void onView(ViewChangedEvent event) {
        reload.request();
    }

    @Override
    public void close() {
        views.removeListener(this);
    }
}
