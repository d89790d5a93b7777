package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.lease.StockCluster;
import java.util.List;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * Discovery's attributes in Keycloak's own options, {@code --spi-cache-embedded--default--*}. What is not set stays as the stack
 * has it.
 *
 * @param stockCluster what to do while members on jdbc-ping run on the same database
 */
record LeaseOptions(Optional<String> stockCluster) {

    private static final String STOCK_CLUSTER = "stockCluster";

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the option, its value and what it must be
     */
    static LeaseOptions of(Config.Scope config) {
        return new LeaseOptions(
                KeycloakOption.read(config, STOCK_CLUSTER, LeaseOptions::refuseOrWarn, "be refuse or warn"));
    }

    private static String refuseOrWarn(String text) {
        StockCluster.of(text);
        return text;
    }

    /** Sets what is set, before the protocol is initialised. */
    void applyTo(JDBC_PING_LEASE protocol) {
        stockCluster.ifPresent(protocol::setStockCluster);
    }

    /** What Keycloak shows of them. */
    static List<ProviderConfigProperty> metadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(STOCK_CLUSTER)
                .type(ProviderConfigProperty.STRING_TYPE)
                .options("refuse", "warn")
                .helpText(
                        "What to do while nodes on jdbc-ping run on the same database: refuse (this node is not ready) or warn.")
                .add()
                .build();
    }
}
