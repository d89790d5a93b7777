package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.version.SupportedVersions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.spi.infinispan.impl.embedded.DefaultCacheEmbeddedConfigProviderFactory;
import org.keycloak.spi.infinispan.impl.embedded.JGroupsConfigurator;

/**
 * Keycloak's own cache configuration, with Keycloak's database and certificates handed to the pack's protocols.
 *
 * <p>Distributed caches get a consistent hash that moves less; {@link StateTransferOptions} come on top of Keycloak's
 * own.
 *
 * <p>It keeps Keycloak's provider id {@code default} and outranks it by {@link #order()}, so every {@code --cache-*}
 * and {@code spi-cache-embedded--default--*} option reaches it unchanged. Where the selected stack has no protocol of
 * the pack in it and does not extend Keycloak's own, it changes nothing.
 */
public class EvenkeelCacheEmbeddedConfigProviderFactory extends DefaultCacheEmbeddedConfigProviderFactory {

    private static final int ABOVE_KEYCLOAK = 100;

    @SuppressWarnings("NullAway.Init")
    private volatile Config.Scope config;

    /**
     * Checks the versions too, for a jar that took the place of one without {@link PackProviderFactory} after the
     * build.
     */
    @Override
    public void init(Config.Scope config) {
        SupportedVersions.ofPack().require();
        super.init(config);
        this.config = config;
    }

    @Override
    public int order() {
        return ABOVE_KEYCLOAK;
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        List<ProviderConfigProperty> all = new ArrayList<>(super.getConfigMetadata());
        all.addAll(ownMetadata());
        return all;
    }

    /** The descriptions of the pack's own options for Keycloak. */
    static List<ProviderConfigProperty> ownMetadata() {
        List<ProviderConfigProperty> all = new ArrayList<>();
        all.addAll(StateTransferOptions.metadata());
        all.addAll(RestartKeycloakOptions.metadata());
        all.addAll(LeaseOptions.metadata());
        all.addAll(TlsOptions.metadata());
        return all;
    }

    @Override
    protected ConfigurationBuilderHolder createConfiguration(KeycloakSessionFactory sessions) throws IOException {
        KeycloakOption.requireKnown(config, ownMetadata());
        OwnSystemProperties.requireKnown(System.getProperties().stringPropertyNames());
        Optional<ExtendedJdbcPing> extended = ExtendedJdbcPing.selectedBy(config);
        super.init(extended.map(stack -> stack.whereTheBaseIsSelected(config)).orElse(config));
        ConfigurationBuilderHolder holder = super.createConfiguration(sessions);
        if (JGroupsConfigurator.isClustered(holder)) {
            extended.ifPresent(stack -> stack.selectIn(holder));
            RestartKeycloakOptions.of(config)
                    .applyTo(holder.getGlobalConfigurationBuilder().transport());
            handOverTo(selectedStack(holder), extended.map(stack -> stack.channelBase(holder)), holder, sessions);
        }
        return holder;
    }

    private static JGroupsChannelConfigurator selectedStack(ConfigurationBuilderHolder holder) {
        GlobalConfiguration configuration =
                holder.getGlobalConfigurationBuilder().build();
        return configuration
                .transport()
                .jgroups()
                .configurator(configuration.transport().stack());
    }

    private void handOverTo(
            JGroupsChannelConfigurator stack,
            Optional<ExtendedJdbcPing.ChannelBase> base,
            ConfigurationBuilderHolder holder,
            KeycloakSessionFactory sessions) {
        if (stack == null) {
            return;
        }
        KeycloakServices keycloak = new KeycloakServices(config, sessions);
        ClusterTls tls = keycloak.clusterTls();
        Optional<Map<String, String>> transport = KeycloakChannelConfigurator.transportAttributes(stack);
        tls.requireTransport(stack.getName(), transport.isPresent());
        if (transport.isEmpty()) {
            keycloak.ownCertificateFactory().ifPresent(EvenkeelJGroupsCertificateProviderFactory::openForOthers);
        } else if (transport.get().keySet().stream().noneMatch(TlsOptions::isStoreAttribute)) {
            CertificateCheck.startInBackground(tls);
        }
        boolean ours = KeycloakChannelConfigurator.concerns(stack);
        if (!ours && base.isEmpty()) {
            return;
        }
        if (ours) {
            ConsistentHashDefault.applyTo(holder);
            keycloak.stateTransfer().chunkEntries().ifPresent(entries -> ChunkSize.applyTo(holder, entries));
        }
        // A property, not a replaced stack: it reaches every kind of stack, also one that extends ours in the user's
        // XML, whose configurator Infinispan creates by itself.
        holder.getGlobalConfigurationBuilder()
                .transport()
                .addProperty(
                        JGroupsTransport.CHANNEL_CONFIGURATOR,
                        new KeycloakChannelConfigurator(stack, base, keycloak, tls));
    }
}
