package io.evenkeel.stacks.keycloak;

import java.util.List;
import org.infinispan.factories.AbstractComponentFactory;
import org.infinispan.factories.AutoInstantiableFactory;
import org.infinispan.factories.impl.ComponentAccessor;
import org.infinispan.factories.impl.ModuleMetadataBuilder.ModuleBuilder;
import org.infinispan.factories.impl.Scopes;
import org.infinispan.factories.impl.WireContext;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.util.concurrent.BlockingManager;

/** Tells Infinispan to build {@link LeaseClusterHealth} where Keycloak asks for the health of the cluster. */
public final class LeaseClusterHealthMetadata {

    /** Infinispan numbers its scopes by their ordinal. */
    @SuppressWarnings("EnumOrdinal")
    private static final int GLOBAL_SCOPE = Scopes.GLOBAL.ordinal();

    private LeaseClusterHealthMetadata() {}

    /**
     * Registers the factory, which replaces Keycloak's, and how the component is wired.
     *
     * @param component what Keycloak asks for
     */
    public static void register(ModuleBuilder builder, String component) {
        builder.registerComponentAccessor(Factory.class.getName(), List.of(component), new FactoryAccessor());
        builder.registerComponentAccessor(LeaseClusterHealth.class.getName(), List.of(), new HealthAccessor());
    }

    static final class Factory extends AbstractComponentFactory implements AutoInstantiableFactory {
        @Override
        public Object construct(String componentName) {
            return new LeaseClusterHealth();
        }
    }

    private static final class FactoryAccessor extends ComponentAccessor<Factory> {
        FactoryAccessor() {
            super(Factory.class.getName(), GLOBAL_SCOPE, false, AbstractComponentFactory.class.getName(), List.of());
        }

        @Override
        protected Factory newInstance() {
            return new Factory();
        }
    }

    private static final class HealthAccessor extends ComponentAccessor<LeaseClusterHealth> {
        private static final String TRANSPORT = Transport.class.getName();
        private static final String BLOCKING_MANAGER = BlockingManager.class.getName();

        HealthAccessor() {
            super(LeaseClusterHealth.class.getName(), GLOBAL_SCOPE, false, null, List.of(TRANSPORT, BLOCKING_MANAGER));
        }

        @Override
        protected void wire(LeaseClusterHealth instance, WireContext context, boolean start) {
            instance.inject(
                    context.get(TRANSPORT, Transport.class, start),
                    context.get(BLOCKING_MANAGER, BlockingManager.class, start));
        }
    }
}
