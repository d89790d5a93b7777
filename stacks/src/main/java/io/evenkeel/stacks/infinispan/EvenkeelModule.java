package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.restart.GuardedLeave;
import io.evenkeel.stacks.infinispan.restart.RestartMetadata;
import io.evenkeel.stacks.keycloak.CertificateReloadListener;
import io.evenkeel.stacks.keycloak.LeaseClusterHealthMetadata;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.infinispan.commons.util.Util;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.factories.impl.ModuleMetadataBuilder;
import org.infinispan.lifecycle.ModuleLifecycle;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jspecify.annotations.Nullable;

/**
 * The pack as a module of Infinispan: its metrics, its watch over rebalances, its size of chunks, and its verdict on
 * the cluster's health in Keycloak.
 *
 * <p>Written by hand, as Infinispan's annotation processor is not published for every release that Keycloak ships.
 */
public final class EvenkeelModule implements ModuleMetadataBuilder {

    private static final String KEYCLOAK_CLUSTER_HEALTH = "org.keycloak.infinispan.health.ClusterHealth";

    private static final String KEYCLOAK_CERTIFICATES = "org.keycloak.jgroups.certificates.CertificateReloadManager";

    private boolean keycloakReloadsCertificates;

    @Override
    public String getModuleName() {
        return "evenkeel";
    }

    @Override
    public Collection<String> getRequiredDependencies() {
        return List.of("core");
    }

    /** Behind Keycloak's module, where there is one: the last factory registered for a component is used. */
    @Override
    public Collection<String> getOptionalDependencies() {
        return List.of("keycloak");
    }

    @Override
    public ModuleLifecycle newModuleLifecycle() {
        return new ModuleLifecycle() {
            private final CacheStart cacheStart = new CacheStart();
            private @Nullable AutoCloseable meters;
            private @Nullable GuardedLeave leave;
            private @Nullable TransferWatch transferWatch;
            private @Nullable AutoCloseable transferMeters;
            private @Nullable AutoCloseable certificateReload;

            /** Behind Keycloak's module, which starts the reload of its certificates here, and before the channel. */
            @Override
            public void cacheManagerStarting(GlobalComponentRegistry registry, GlobalConfiguration configuration) {
                ProtocolMetrics.register();
                if (keycloakReloadsCertificates) {
                    certificateReload = CertificateReloadListener.install(registry, configuration)
                            .orElse(null);
                }
            }

            @Override
            public void cacheManagerStarted(GlobalComponentRegistry registry) {
                JChannel channel = channelOf(registry);
                if (channel != null && hasMicrometer()) {
                    meters = ProtocolMeters.of(channel, registry.getGlobalConfiguration());
                }
                if (channel != null && hasProtocolOfPack(channel)) {
                    leave = GuardedLeave.of(registry);
                }
            }

            @Override
            public void cacheManagerStopping(GlobalComponentRegistry registry) {
                Util.close(meters);
                Util.close(transferMeters);
                Util.close(transferWatch);
                Util.close(certificateReload);
            }

            @Override
            public void cacheStopping(ComponentRegistry cache, String name) {
                if (leave != null) {
                    leave.stopping(name);
                }
            }

            /** Now, as the first rebalance is over when a cache has started. */
            @Override
            public void cacheStarting(ComponentRegistry cache, Configuration configuration, String name) {
                if (leave != null) {
                    leave.stopBefore(name);
                }
                if (configuration.clustering().cacheMode().needsStateTransfer()
                        && configuration.clustering().stateTransfer().fetchInMemoryState()) {
                    STATE_FC stateFc = stateFcOf(cache.getGlobalComponentRegistry());
                    if (stateFc != null) {
                        cache.getCacheNotifier().running().addListener(new RebalanceWatch(stateFc));
                        watchTransfers(cache.getGlobalComponentRegistry(), stateFc);
                        cacheStart.onCacheStarting(cache.getGlobalComponentRegistry(), name);
                    }
                }
            }

            /** Not when the manager has started: by then the state of its caches has come. */
            private synchronized void watchTransfers(GlobalComponentRegistry registry, STATE_FC stateFc) {
                if (transferWatch == null) {
                    transferWatch = new TransferWatch(registry, stateFc);
                    if (hasMicrometer()) {
                        transferMeters = TransferMeters.of(
                                transferWatch.progress(),
                                Objects.requireNonNull(channelOf(registry)),
                                registry.getGlobalConfiguration());
                    }
                }
            }
        };
    }

    private static @Nullable STATE_FC stateFcOf(GlobalComponentRegistry registry) {
        JChannel channel = channelOf(registry);
        return channel == null ? null : channel.getProtocolStack().findProtocol(STATE_FC.class);
    }

    private static @Nullable JChannel channelOf(GlobalComponentRegistry registry) {
        return registry.getComponent(Transport.class) instanceof JGroupsTransport transport
                ? transport.getChannel()
                : null;
    }

    /** Optional in Infinispan, always there in Keycloak. */
    private static boolean hasMicrometer() {
        return EvenkeelModule.class.getClassLoader().getResource("io/micrometer/core/instrument/MeterRegistry.class")
                != null;
    }

    private static boolean hasProtocolOfPack(JChannel channel) {
        return channel.getProtocolStack().getProtocols().stream()
                .anyMatch(protocol -> protocol.getClass().getName().startsWith("io.evenkeel."));
    }

    /**
     * The verdict on the cluster's health and the reload of certificates only where Keycloak is: elsewhere its classes
     * are not there.
     */
    @Override
    public void registerMetadata(ModuleBuilder builder) {
        RestartMetadata.register(builder);
        SizedStateProviderMetadata.register(builder);
        keycloakReloadsCertificates = builder.getFactoryName(KEYCLOAK_CERTIFICATES) != null;
        if (builder.getFactoryName(KEYCLOAK_CLUSTER_HEALTH) != null) {
            LeaseClusterHealthMetadata.register(builder, KEYCLOAK_CLUSTER_HEALTH);
        }
    }
}
