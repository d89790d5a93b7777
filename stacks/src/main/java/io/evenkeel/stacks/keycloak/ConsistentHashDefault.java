package io.evenkeel.stacks.keycloak;

import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.internal.PrivateCacheConfigurationBuilder;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.distribution.ch.impl.ConsistentHashFactory;
import org.infinispan.distribution.ch.impl.DefaultConsistentHashFactory;
import org.infinispan.distribution.ch.impl.TopologyAwareConsistentHashFactory;

/**
 * A consistent hash that moves few segments: who owned one before owns it afterwards, as far as the balance allows.
 *
 * <p>Infinispan's own choice, SyncConsistentHashFactory, deals segments out by the members' random addresses, so that a
 * node that comes back under a new one moves segments among the others too. Both make the same kind of consistent hash,
 * and the coordinator's factory decides for all, so nodes with either are one cluster.
 */
final class ConsistentHashDefault {
    private ConsistentHashDefault() {}

    /** Sets it on every distributed cache whose factory nobody has set. */
    static void applyTo(ConfigurationBuilderHolder holder) {
        boolean hinted =
                holder.getGlobalConfigurationBuilder().build().transport().hasTopologyInfo();
        ConsistentHashFactory<?> factory =
                hinted ? new TopologyAwareConsistentHashFactory() : DefaultConsistentHashFactory.getInstance();
        holder.getNamedConfigurationBuilders().values().stream()
                .filter(cache -> cache.clustering().cacheMode().isDistributed())
                .filter(cache -> !hasFactory(cache))
                .forEach(cache ->
                        cache.addModule(PrivateCacheConfigurationBuilder.class).consistentHashFactory(factory));
    }

    private static boolean hasFactory(ConfigurationBuilder cache) {
        return cache.modules().stream()
                .anyMatch(module -> module instanceof PrivateCacheConfigurationBuilder internal
                        && internal.create().consistentHashFactory() != null);
    }
}
