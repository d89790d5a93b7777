package io.evenkeel.stacks.infinispan;

import java.util.List;
import org.infinispan.commons.marshall.Marshaller;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.factories.AbstractNamedCacheComponentFactory;
import org.infinispan.factories.AutoInstantiableFactory;
import org.infinispan.factories.KnownComponentNames;
import org.infinispan.factories.impl.ComponentAccessor;
import org.infinispan.factories.impl.ModuleMetadataBuilder.ModuleBuilder;
import org.infinispan.factories.impl.Scopes;
import org.infinispan.factories.impl.WireContext;
import org.infinispan.statetransfer.StateProvider;
import org.infinispan.statetransfer.StateProviderImpl;
import org.jspecify.annotations.Nullable;

/** Tells Infinispan to build {@link SizedStateProvider} for each clustered cache. */
final class SizedStateProviderMetadata {

    /** Infinispan numbers its scopes by their ordinal. */
    @SuppressWarnings("EnumOrdinal")
    private static final int CACHE_SCOPE = Scopes.NAMED_CACHE.ordinal();

    private SizedStateProviderMetadata() {}

    /** Registers the factory, which replaces Infinispan's, and how the component is wired. */
    static void register(ModuleBuilder builder) {
        builder.registerComponentAccessor(
                Factory.class.getName(), List.of(StateProvider.class.getName()), new FactoryAccessor());
        builder.registerComponentAccessor(SizedStateProvider.class.getName(), List.of(), new ProviderAccessor());
    }

    static final class Factory extends AbstractNamedCacheComponentFactory implements AutoInstantiableFactory {
        @Override
        public @Nullable Object construct(String componentName) {
            return configuration.clustering().cacheMode().isClustered() ? new SizedStateProvider() : null;
        }
    }

    private static final class FactoryAccessor extends ComponentAccessor<Factory> {
        FactoryAccessor() {
            super(
                    Factory.class.getName(),
                    CACHE_SCOPE,
                    false,
                    AbstractNamedCacheComponentFactory.class.getName(),
                    List.of());
        }

        @Override
        protected Factory newInstance() {
            return new Factory();
        }
    }

    /** Infinispan starts and stops the superclass by its own accessor. */
    private static final class ProviderAccessor extends ComponentAccessor<SizedStateProvider> {
        private static final String CONFIGURATION = Configuration.class.getName();

        ProviderAccessor() {
            super(
                    SizedStateProvider.class.getName(),
                    CACHE_SCOPE,
                    false,
                    StateProviderImpl.class.getName(),
                    List.of(CONFIGURATION, KnownComponentNames.INTERNAL_MARSHALLER));
        }

        @Override
        protected void wire(SizedStateProvider instance, WireContext context, boolean start) {
            instance.inject(
                    context.get(CONFIGURATION, Configuration.class, start),
                    context.get(KnownComponentNames.INTERNAL_MARSHALLER, Marshaller.class, start));
        }
    }
}
