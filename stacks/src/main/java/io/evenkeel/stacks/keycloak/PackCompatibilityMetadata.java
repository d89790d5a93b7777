package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.version.PackVersion;
import io.evenkeel.stacks.ShortNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.compatibility.CompatibilityMetadataProvider;
import org.keycloak.compatibility.CompatibilityResult;
import org.keycloak.infinispan.util.InfinispanUtils;
import org.keycloak.spi.infinispan.CacheEmbeddedConfigProviderSpi;
import org.keycloak.spi.infinispan.impl.embedded.DefaultCacheEmbeddedConfigProviderFactory;

/**
 * The pack's answer to {@code kc.sh update-compatibility}: nodes of two versions of the pack can be in one cluster, and
 * so be updated one after the other, if both speak the same format on the wire.
 *
 * <p>A change of the stack is judged by {@link StackCompatibilityMetadata}.
 */
public final class PackCompatibilityMetadata implements CompatibilityMetadataProvider {
    static final String ID = "evenkeel";
    static final String VERSION = "version";
    static final String WIRE_FORMAT = "wireFormat";

    private static final String OURS = "evenkeel";

    @Override
    public String getId() {
        return ID;
    }

    /** Empty where the pack lies in {@code providers/} and no stack of it is used. */
    @Override
    public Map<String, String> metadata() {
        return InfinispanUtils.isEmbeddedInfinispan()
                        && isUsed(Config.scope(
                                CacheEmbeddedConfigProviderSpi.SPI_NAME,
                                DefaultCacheEmbeddedConfigProviderFactory.PROVIDER_ID))
                ? current()
                : Map.of();
    }

    static Map<String, String> current() {
        return Map.of(
                VERSION, PackVersion.current().version(),
                WIRE_FORMAT, Integer.toString(Hello.FORMAT));
    }

    static boolean isUsed(Config.Scope config) {
        String stack = config.get(DefaultCacheEmbeddedConfigProviderFactory.STACK);
        return (stack != null && stack.startsWith(OURS))
                || mentionsUs(config.get(DefaultCacheEmbeddedConfigProviderFactory.CONFIG));
    }

    private static boolean mentionsUs(String configFile) {
        if (configFile == null) {
            return false;
        }
        try {
            String text = Files.readString(Path.of(configFile), StandardCharsets.UTF_8);
            return text.contains(OURS) || ShortNames.mayBeIn(text);
        } catch (IOException e) {
            // Keycloak's own metadata says that the file is missing.
            return false;
        }
    }

    /**
     * Compares the formats only.
     *
     * @param other what the other deployment wrote down; empty if it did not use the pack
     */
    @Override
    public CompatibilityResult isCompatible(Map<String, String> other) {
        Map<String, String> ours = metadata();
        String theirs = other.get(WIRE_FORMAT);
        return ours.isEmpty() || theirs == null || theirs.equals(ours.get(WIRE_FORMAT))
                ? CompatibilityResult.providerCompatible(ID)
                : CompatibilityResult.incompatibleAttribute(ID, WIRE_FORMAT, theirs, ours.get(WIRE_FORMAT));
    }
}
