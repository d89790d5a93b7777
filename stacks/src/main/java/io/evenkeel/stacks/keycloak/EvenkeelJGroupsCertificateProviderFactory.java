package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.ForwardingKeyManager;
import io.evenkeel.certs.ForwardingTrustManager;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.keycloak.Config;
import org.keycloak.jgroups.certificates.DefaultJGroupsCertificateProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.spi.infinispan.JGroupsCertificateProvider;

/**
 * Keycloak's certificates for the cluster, except that its key-store files are not opened before a transport of JGroups
 * asks for them.
 *
 * <p>Keycloak opens the files early and has JGroups' FileWatcher reload them, whose thread ends with the first file
 * that it cannot read. TCP_NETTY reads and watches the files by itself and never asks here. On any other transport
 * {@link #openForOthers} brings Keycloak's own provider back, with its errors at the start.
 */
public class EvenkeelJGroupsCertificateProviderFactory extends DefaultJGroupsCertificateProviderFactory {

    private static final int ABOVE_KEYCLOAK = 100;

    @SuppressWarnings("NullAway.Init")
    private volatile Config.Scope config;

    @SuppressWarnings("NullAway.Init")
    private volatile KeycloakSessionFactory sessions;

    @Override
    public void init(Config.Scope newConfig) {
        super.init(newConfig);
        config = newConfig;
    }

    @Override
    public int order() {
        return ABOVE_KEYCLOAK;
    }

    @Override
    public synchronized void postInit(KeycloakSessionFactory factory) {
        sessions = factory;
        if (!readsFiles()) {
            super.postInit(factory);
        }
    }

    @Override
    public JGroupsCertificateProvider create(KeycloakSession session) {
        return readsFiles() ? new Deferred(this::keycloaksOwn) : super.create(session);
    }

    /** The files that the user gave for mutual TLS; empty if Keycloak makes certificates, or if mutual TLS is off. */
    Optional<MtlsKeyStores> keyStores() {
        return readsFiles() ? MtlsKeyStores.of(config) : Optional.empty();
    }

    /** Opens the files as Keycloak does, for a transport that is not TCP_NETTY; throws what Keycloak throws. */
    void openForOthers() {
        if (readsFiles()) {
            keycloaksOwn();
        }
    }

    private boolean readsFiles() {
        return config.getBoolean(ACTIVATED, false) && MtlsKeyStores.areSet(config);
    }

    private JGroupsCertificateProvider keycloaksOwn() {
        super.postInit(sessions);
        return super.create(null);
    }

    /** Stands for Keycloak's own provider, which it makes when a manager is asked for the first time. */
    private record Deferred(Supplier<JGroupsCertificateProvider> own) implements JGroupsCertificateProvider {
        @Override
        public boolean isEnabled() {
            return true;
        }

        @Override
        public KeyManager keyManager() {
            return new ForwardingKeyManager() {
                @Override
                protected X509ExtendedKeyManager delegate() {
                    return (X509ExtendedKeyManager) own.get().keyManager();
                }
            };
        }

        @Override
        public TrustManager trustManager() {
            return new ForwardingTrustManager() {
                @Override
                protected X509ExtendedTrustManager delegate() {
                    return (X509ExtendedTrustManager) own.get().trustManager();
                }
            };
        }
    }
}
