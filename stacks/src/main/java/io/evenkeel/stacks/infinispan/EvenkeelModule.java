package io.evenkeel.stacks.infinispan;

import io.evenkeel.stacks.keycloak.LeaseClusterHealthMetadata;
import java.util.Collection;
import java.util.List;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.factories.impl.ModuleMetadataBuilder;
import org.infinispan.lifecycle.ModuleLifecycle;

/**
 * The pack as a module of Infinispan: its metrics, and its verdict on the cluster's health in Keycloak.
 *
 * <p>Written by hand, as Infinispan's annotation processor is not published for every release that Keycloak ships.
 */
public final class EvenkeelModule implements ModuleMetadataBuilder {

    private static final String KEYCLOAK_CLUSTER_HEALTH = "org.keycloak.infinispan.health.ClusterHealth";

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
            @Override
            public void cacheManagerStarting(GlobalComponentRegistry registry, GlobalConfiguration configuration) {
                ProtocolMetrics.register();
            }
        };
    }

    /** The verdict on the cluster's health only where Keycloak asks for it: elsewhere its classes are not there. */
    @Override
    public void registerMetadata(ModuleBuilder builder) {
        if (builder.getFactoryName(KEYCLOAK_CLUSTER_HEALTH) != null) {
            LeaseClusterHealthMetadata.register(builder, KEYCLOAK_CLUSTER_HEALTH);
        }
    }
}
