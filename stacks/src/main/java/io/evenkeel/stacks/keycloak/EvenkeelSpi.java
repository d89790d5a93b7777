package io.evenkeel.stacks.keycloak;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/**
 * The pack as an SPI of Keycloak: {@code kc.sh build} and every start create its factory, which checks the versions.
 *
 * <p>It and {@link PackProviderFactory} use what Keycloak has had for years: they have to link with versions that the
 * rest of the pack does not link with.
 */
public final class EvenkeelSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "evenkeel";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return PackProvider.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return PackProviderFactory.class;
    }
}
