package io.evenkeel.stacks.keycloak;

import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.util.List;
import java.util.Optional;
import org.infinispan.configuration.global.TransportConfigurationBuilder;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The settings that ease a restart, in Keycloak's own options: {@code --spi-cache-embedded--default--restart-grace} and
 * {@code --spi-cache-embedded--default--leave-guard}. Options that are not set stay as {@link RestartOptions} has it.
 *
 * @param grace how long a node that left in good order is expected back
 * @param guard how long a node that has the only copy of something waits before it leaves
 */
record RestartKeycloakOptions(Optional<String> grace, Optional<String> guard) {
    private static final String GRACE = "restartGrace";
    private static final String GUARD = "leaveGuard";
    private static final String MUST = "be a time such as 60s, 2m or 0";

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the option, its value and what it must be
     */
    static RestartKeycloakOptions of(Config.Scope config) {
        return new RestartKeycloakOptions(
                KeycloakOption.read(config, GRACE, RestartKeycloakOptions::duration, MUST),
                KeycloakOption.read(config, GUARD, RestartKeycloakOptions::duration, MUST));
    }

    private static String duration(String text) {
        RestartOptions.durationMs(text);
        return text;
    }

    /** Sets what is set. */
    void applyTo(TransportConfigurationBuilder transport) {
        grace.ifPresent(text -> transport.addProperty(RestartOptions.GRACE, text));
        guard.ifPresent(text -> transport.addProperty(RestartOptions.GUARD, text));
    }

    /** The text that Keycloak shows of them. */
    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder all = ProviderConfigurationBuilder.create();
        KeycloakOption.describe(
                all,
                GRACE,
                ProviderConfigProperty.STRING_TYPE,
                "Time in which a node that left in good order is expected back, and what it held is not"
                        + " copied among the others; 0 for none.");
        KeycloakOption.describe(
                all,
                GUARD,
                ProviderConfigProperty.STRING_TYPE,
                "Time that a node waits at most before it leaves while no other node has a copy of what it holds; 0"
                        + " for none.");
        return all.build();
    }
}
