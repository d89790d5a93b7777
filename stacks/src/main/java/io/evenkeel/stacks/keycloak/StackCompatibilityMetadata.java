package io.evenkeel.stacks.keycloak;

import java.util.HashMap;
import java.util.Map;
import org.keycloak.compatibility.CompatibilityResult;
import org.keycloak.infinispan.compatibility.CachingEmbeddedMetadataProvider;
import org.keycloak.spi.infinispan.impl.embedded.DefaultCacheEmbeddedConfigProviderFactory;

/**
 * Keycloak's own metadata of its caches for {@code kc.sh update-compatibility}, with another judgement of the stack: to
 * Keycloak each change of it needs a recreate, but nodes on {@code evenkeel-migrate} are in one cluster with those on
 * jdbc-ping and with those on evenkeel-jdbc.
 *
 * <p>It takes the place of Keycloak's own by the same id and a higher priority. All else is compared as Keycloak does,
 * and the metadata are Keycloak's, so that a node without the pack can read them.
 */
public final class StackCompatibilityMetadata extends CachingEmbeddedMetadataProvider {
    private static final String STACK = DefaultCacheEmbeddedConfigProviderFactory.STACK;

    @Override
    public int priority() {
        return DEFAULT_PRIORITY + 1;
    }

    @Override
    public CompatibilityResult isCompatible(Map<String, String> other) {
        String stack = metadata().get(STACK);
        return super.isCompatible(
                stack != null && MigrateStack.isBetween(other.get(STACK), stack) ? with(stack, other) : other);
    }

    private static Map<String, String> with(String stack, Map<String, String> metadata) {
        Map<String, String> changed = new HashMap<>(metadata);
        changed.put(STACK, stack);
        return changed;
    }
}
