package io.evenkeel.it.bench.restart.provider;

import java.io.IOException;
import org.infinispan.configuration.global.TransportConfiguration;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.spi.infinispan.impl.embedded.DefaultCacheEmbeddedConfigProviderFactory;

/**
 * Keycloak's own configuration of the caches with another {@code chunk-size}, and with counters that count from the
 * start: stock in all else. A cache that stood in the XML for the sake of that attribute would lose what Keycloak
 * configures in code, such as the grouping of client sessions.
 */
public final class ChunkSizeFactory extends DefaultCacheEmbeddedConfigProviderFactory {
    /** The option of {@code kc.sh start}; its value is a number of entries. */
    public static final String OPTION = "--spi-cache-embedded--default--bench-chunk-size";

    private static final String KEY = "benchChunkSize";
    private Config.Scope options;

    @Override
    public void init(Config.Scope config) {
        options = config;
        super.init(config);
    }

    @Override
    protected ConfigurationBuilderHolder createConfiguration(KeycloakSessionFactory factory) throws IOException {
        ConfigurationBuilderHolder holder = super.createConfiguration(factory);
        int entries = options.getInt(KEY);
        holder.getNamedConfigurationBuilders().values().stream()
                .filter(cache -> cache.clustering().cacheMode().isClustered())
                .forEach(cache -> cache.clustering().stateTransfer().chunkSize(entries));
        countFromTheStart(holder.getGlobalConfigurationBuilder().build().transport());
        return holder;
    }

    /** Keycloak turns the transport's counters on when the caches have started: without their state. */
    private static void countFromTheStart(TransportConfiguration transport) {
        transport
                .jgroups()
                .configurator(transport.stack())
                .getProtocolStack()
                .get(0)
                .getProperties()
                .put("msg_stats.enabled", "true");
    }

    /** Above Keycloak's own factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
