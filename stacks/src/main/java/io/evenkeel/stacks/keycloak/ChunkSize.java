package io.evenkeel.stacks.keycloak;

import org.infinispan.commons.configuration.attributes.Attribute;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.cache.StateTransferConfiguration;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;

/**
 * The user's number of entries in a chunk of state. Where there is none, the donor chooses it by the entries' bytes.
 */
final class ChunkSize {
    private ChunkSize() {}

    /** Sets it on every clustered cache whose chunk-size nobody has set. */
    static void applyTo(ConfigurationBuilderHolder holder, int entries) {
        holder.getNamedConfigurationBuilders().values().stream()
                .filter(cache -> cache.clustering().cacheMode().isClustered())
                .forEach(cache -> applyTo(cache, entries));
    }

    private static void applyTo(ConfigurationBuilder cache, int entries) {
        Attribute<Integer> chunkSize =
                cache.clustering().stateTransfer().attributes().attribute(StateTransferConfiguration.CHUNK_SIZE);
        if (!chunkSize.isModified()) {
            chunkSize.set(entries);
        }
    }
}
