package io.evenkeel.stacks.keycloak;

import io.agroal.api.AgroalDataSource;
import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.TlsMaterial;
import io.quarkus.arc.Arc;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.keycloak.Config;
import org.keycloak.common.Profile;
import org.keycloak.config.DatabaseOptions;
import org.keycloak.jgroups.certificates.DatabaseJGroupsCertificateProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.spi.infinispan.JGroupsCertificateProvider;
import org.keycloak.spi.infinispan.impl.embedded.DefaultCacheEmbeddedConfigProviderFactory;

/** The things that the pack asks of a running Keycloak: a database connection, its schema, keys and trust. */
final class KeycloakServices {

    private final Config.Scope config;
    private final KeycloakSessionFactory sessions;

    KeycloakServices(Config.Scope config, KeycloakSessionFactory sessions) {
        this.config = config;
        this.sessions = sessions;
    }

    /**
     * Keycloak's database, by a connection that is not one of Keycloak's pool: a pool that its users have emptied must
     * not silence this node's heartbeat. To be closed by its user.
     *
     * @param loginMs how long an attempt to connect and log in may take
     */
    AgroalDataSource leaseDataSource(long loginMs) throws SQLException {
        return LeaseDataSource.beside(
                Arc.container().instance(AgroalDataSource.class).get(), loginMs);
    }

    /** True if the user asked for spans of the messages in the cluster ({@code --tracing-infinispan-enabled}). */
    boolean tracesCluster() {
        return config.getBoolean(DefaultCacheEmbeddedConfigProviderFactory.TRACING, false);
    }

    /** The schema that the user chose for Keycloak's tables ({@code --db-schema}), or nothing for the default one. */
    Optional<String> databaseSchema() {
        return Optional.ofNullable(config.root().get(DatabaseOptions.DB_SCHEMA.getKey()));
    }

    /** The user's settings of discovery. */
    LeaseOptions lease() {
        return LeaseOptions.of(config);
    }

    /** The user's settings of pacing. */
    StateTransferOptions stateTransfer() {
        return StateTransferOptions.of(config);
    }

    /** True if Keycloak runs in FIPS mode, strict or not. */
    boolean isFips() {
        return Profile.isFeatureEnabled(Profile.Feature.FIPS);
    }

    /**
     * The user's settings of how nodes authenticate each other.
     *
     * @throws IllegalArgumentException if the options do not fit together; one line
     */
    ClusterTls clusterTls() {
        return ClusterTls.of(
                TlsOptions.of(config),
                ownCertificateFactory().flatMap(EvenkeelJGroupsCertificateProviderFactory::keyStores),
                certificates().isPresent(),
                this::automaticCertificates);
    }

    /** The pack's factory, unless another extension has put its own in its place. */
    Optional<EvenkeelJGroupsCertificateProviderFactory> ownCertificateFactory() {
        return sessions.getProviderFactory(JGroupsCertificateProvider.class)
                        instanceof EvenkeelJGroupsCertificateProviderFactory own
                ? Optional.of(own)
                : Optional.empty();
    }

    /** Keycloak's provider of certificates; empty when the user turned its mutual TLS off. */
    private Optional<JGroupsCertificateProvider> certificates() {
        return Optional.ofNullable(KeycloakModelUtils.runJobInTransactionWithResult(
                        sessions, session -> session.getProvider(JGroupsCertificateProvider.class)))
                .filter(JGroupsCertificateProvider::isEnabled);
    }

    private TlsMaterial automaticCertificates() throws CertificateMaterialException {
        JGroupsCertificateProvider certificates = certificates().orElseThrow();
        return TlsMaterial.fromManagers(certificates.keyManager(), trust(certificates));
    }

    /** Another extension's provider may trust by other rules than the certificates that it names. */
    private static TrustManager trust(JGroupsCertificateProvider certificates) {
        TrustManager own = certificates.trustManager();
        return certificates instanceof DatabaseJGroupsCertificateProvider
                        && own instanceof X509ExtendedTrustManager keycloaks
                ? new AutomaticTrust(keycloaks, certificates::reloadCertificate)
                : own;
    }
}
