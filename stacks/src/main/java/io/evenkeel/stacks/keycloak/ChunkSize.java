package io.evenkeel.stacks.keycloak;

import org.infinispan.commons.configuration.attributes.Attribute;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.cache.StateTransferConfiguration;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;

/**
 * Smaller chunks of state: Infinispan's 512 entries make byte arrays of half a megabyte and more, which the garbage
 * collectors of both sides dislike. They need not be as small as without STATE_FC, which sends them in parts: each chunk is
 * waited for, and with Keycloak's sessions of some hundred bytes chunks of 64 made a restart a quarter longer than
 * chunks of 512.
 */
final class ChunkSize {
    static final int DEFAULT_ENTRIES = 256;

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
