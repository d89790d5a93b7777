package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.version.PackVersion;
import io.evenkeel.protocols.version.SupportedVersions;
import io.evenkeel.protocols.version.UnsupportedVersionException;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.EnvironmentDependentProviderFactory;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/**
 * The check of the versions in Keycloak: {@code kc.sh build} asks whether the factory is supported, and every start
 * initialises all factories before the first of them touches the database. Keycloak's server info shows the pack's
 * version.
 */
public final class PackProviderFactory
        implements ProviderFactory<PackProvider>, EnvironmentDependentProviderFactory, ServerInfoAwareProviderFactory {

    /**
     * Refuses to be built into a Keycloak that is not supported.
     *
     * @return always true
     */
    @Override
    public boolean isSupported(Config.Scope config) {
        try {
            SupportedVersions.ofPack().require();
            return true;
        } catch (UnsupportedVersionException e) {
            // Keycloak 26.0 loses the reason of a failed build while it writes its delayed log.
            System.err.println(e.getMessage());
            throw e;
        }
    }

    @Override
    public void init(Config.Scope config) {
        SupportedVersions.ofPack().require();
    }

    @Override
    public Map<String, String> getOperationalInfo() {
        return Map.of("version", PackVersion.current().toString());
    }

    @Override
    public PackProvider create(KeycloakSession session) {
        return new PackProvider();
    }

    @Override
    public String getId() {
        return "default";
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        // Everything is checked by then.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
