package io.evenkeel.stacks.keycloak;

import org.keycloak.provider.Provider;

/** A provider that does nothing: Keycloak wants one for each SPI. */
final class PackProvider implements Provider {

    @Override
    public void close() {
        // Holds nothing.
    }
}
