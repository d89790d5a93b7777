package io.evenkeel.stacks.infinispan.restart;

import static org.infinispan.factories.KnownComponentNames.TIMEOUT_SCHEDULE_EXECUTOR;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.infinispan.commons.time.TimeService;
import org.infinispan.configuration.ConfigurationManager;
import org.infinispan.factories.AbstractComponentFactory;
import org.infinispan.factories.AutoInstantiableFactory;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.factories.impl.ComponentAccessor;
import org.infinispan.factories.impl.MBeanMetadata;
import org.infinispan.factories.impl.ModuleMetadataBuilder.ModuleBuilder;
import org.infinispan.factories.impl.Scopes;
import org.infinispan.factories.impl.WireContext;
import org.infinispan.notifications.cachemanagerlistener.CacheManagerNotifier;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.topology.ClusterTopologyManager;
import org.infinispan.topology.ClusterTopologyManagerImpl;
import org.infinispan.topology.LocalTopologyManager;
import org.infinispan.topology.LocalTopologyManagerImpl;
import org.jspecify.annotations.Nullable;

/** Tells Infinispan to build the pack's topology managers in the place of its own. */
public final class RestartMetadata {

    /** Infinispan numbers its scopes by their ordinal. */
    @SuppressWarnings("EnumOrdinal")
    private static final int GLOBAL_SCOPE = Scopes.GLOBAL.ordinal();

    private RestartMetadata() {}

    /** Registers the factories, which replace Infinispan's, and how the components are wired. */
    public static void register(ModuleBuilder builder) {
        builder.registerComponentAccessor(
                ClusterFactory.class.getName(),
                List.of(ClusterTopologyManager.class.getName()),
                new FactoryAccessor<>(ClusterFactory.class, new ClusterFactory()));
        builder.registerComponentAccessor(
                LocalFactory.class.getName(),
                List.of(LocalTopologyManager.class.getName()),
                new FactoryAccessor<>(LocalFactory.class, new LocalFactory()));
        builder.registerComponentAccessor(
                RestartClusterTopologyManager.class.getName(), List.of(), new ClusterAccessor());
        builder.registerComponentAccessor(RestartLocalTopologyManager.class.getName(), List.of(), new LocalAccessor());
        builder.registerMBeanMetadata(
                RestartLocalTopologyManager.class.getName(),
                MBeanMetadata.of(
                        "LocalTopologyManager",
                        "Controls the cache membership and state transfer",
                        LocalTopologyManagerImpl.class.getName(),
                        Scopes.GLOBAL));
    }

    static final class ClusterFactory extends AbstractComponentFactory implements AutoInstantiableFactory {
        @Override
        public @Nullable Object construct(String componentName) {
            return globalConfiguration.isClustered()
                    ? new RestartClusterTopologyManager(RestartOptions.of(globalConfiguration))
                    : null;
        }
    }

    static final class LocalFactory extends AbstractComponentFactory implements AutoInstantiableFactory {
        @Override
        public @Nullable Object construct(String componentName) {
            return globalConfiguration.isClustered() ? new RestartLocalTopologyManager() : null;
        }
    }

    private static final class FactoryAccessor<T> extends ComponentAccessor<T> {
        private final T factory;

        FactoryAccessor(Class<T> type, T factory) {
            super(type.getName(), GLOBAL_SCOPE, false, AbstractComponentFactory.class.getName(), List.of());
            this.factory = factory;
        }

        @Override
        protected T newInstance() {
            return factory;
        }
    }

    private static final class ClusterAccessor extends ComponentAccessor<RestartClusterTopologyManager> {
        private static final String TRANSPORT = Transport.class.getName();
        private static final String LOCAL = LocalTopologyManager.class.getName();
        private static final String CONFIGURATIONS = ConfigurationManager.class.getName();
        private static final String NOTIFIER = CacheManagerNotifier.class.getName();
        private static final String TIME = TimeService.class.getName();

        ClusterAccessor() {
            super(
                    RestartClusterTopologyManager.class.getName(),
                    GLOBAL_SCOPE,
                    false,
                    ClusterTopologyManagerImpl.class.getName(),
                    List.of(TRANSPORT, CONFIGURATIONS, NOTIFIER, TIMEOUT_SCHEDULE_EXECUTOR, TIME));
        }

        @Override
        protected void wire(RestartClusterTopologyManager instance, WireContext context, boolean start) {
            instance.inject(
                    context.get(TRANSPORT, Transport.class, start),
                    context.get(LOCAL, LocalTopologyManager.class, start),
                    context.get(CONFIGURATIONS, ConfigurationManager.class, start),
                    context.get(NOTIFIER, CacheManagerNotifier.class, start),
                    context.get(TIMEOUT_SCHEDULE_EXECUTOR, ScheduledExecutorService.class, start),
                    context.get(TIME, TimeService.class, start));
        }

        @Override
        protected void start(RestartClusterTopologyManager instance) {
            instance.startListening();
        }

        @Override
        protected void stop(RestartClusterTopologyManager instance) {
            instance.stopListening();
        }
    }

    private static final class LocalAccessor extends ComponentAccessor<RestartLocalTopologyManager> {
        private static final String REGISTRY = GlobalComponentRegistry.class.getName();

        LocalAccessor() {
            super(
                    RestartLocalTopologyManager.class.getName(),
                    GLOBAL_SCOPE,
                    false,
                    LocalTopologyManagerImpl.class.getName(),
                    List.of(REGISTRY));
        }

        @Override
        protected void wire(RestartLocalTopologyManager instance, WireContext context, boolean start) {
            instance.inject(context.get(REGISTRY, GlobalComponentRegistry.class, start));
        }
    }
}
