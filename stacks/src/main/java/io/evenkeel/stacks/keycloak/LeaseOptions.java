package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.lease.StockCluster;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jgroups.util.Util;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * Discovery's attributes in Keycloak's own options, {@code --spi-cache-embedded--default--*}. Options that are not set
 * stay as the stack has it.
 *
 * @param stockCluster what to do while members on jdbc-ping run on the same database
 * @param maxJoinTimeMs how long a join may take before the start fails
 * @param loginTimeoutMs how long an attempt to log into the database may take
 */
record LeaseOptions(Optional<String> stockCluster, Optional<Long> maxJoinTimeMs, Optional<Long> loginTimeoutMs) {

    private static final String STOCK_CLUSTER = "stockCluster";
    private static final String MAX_JOIN_TIME = "maxJoinTime";
    private static final String LOGIN_TIMEOUT = "leaseLoginTimeout";
    private static final String TIME = "be a time such as 90s or 5m";
    private static final Pattern DURATION = Pattern.compile("[0-9]+(ms|s|m|h)?");

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the option, its value and what it must be
     */
    static LeaseOptions of(Config.Scope config) {
        return new LeaseOptions(
                KeycloakOption.read(config, STOCK_CLUSTER, LeaseOptions::refuseOrWarn, "be refuse or warn"),
                KeycloakOption.read(config, MAX_JOIN_TIME, LeaseOptions::durationMs, TIME),
                KeycloakOption.read(config, LOGIN_TIMEOUT, LeaseOptions::durationMs, TIME));
    }

    private static long durationMs(String text) {
        if (!DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return Util.readDurationLong(text, TimeUnit.MILLISECONDS);
    }

    private static String refuseOrWarn(String text) {
        if (StockCluster.of(text) == StockCluster.JOIN) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /**
     * Sets what is set, before the protocol is initialised.
     *
     * @throws IllegalArgumentException if the stack joins the members that the option speaks of; one line
     */
    void applyTo(JDBC_PING_LEASE protocol) {
        stockCluster.ifPresent(policy -> setStockCluster(protocol, policy));
        maxJoinTimeMs.ifPresent(protocol::setMaxJoinTime);
        loginTimeoutMs.ifPresent(protocol::setLoginTimeout);
    }

    /** A node that does not join the others would found a second cluster in the middle of a migration. */
    private static void setStockCluster(JDBC_PING_LEASE protocol, String policy) {
        if (MigrateStack.STOCK_CLUSTER.equals(protocol.getStockCluster())) {
            throw KeycloakOption.refusal(KeycloakOption.PREFIX + KeycloakOption.optionName(STOCK_CLUSTER) + "=" + policy
                    + " is set, and the stack has stock_cluster=" + MigrateStack.STOCK_CLUSTER + " (as "
                    + MigrateStack.NAME
                    + " has), which makes one cluster with the nodes on jdbc-ping; remove the option until they are"
                    + " gone");
        }
        protocol.setStockCluster(policy);
    }

    /** The text that Keycloak shows of them. */
    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder all = ProviderConfigurationBuilder.create();
        all.property()
                .name(STOCK_CLUSTER)
                .type(ProviderConfigProperty.STRING_TYPE)
                .options("refuse", "warn")
                .helpText("What to do while nodes on jdbc-ping run on the same database: refuse (this node is not"
                        + " ready) or warn.")
                .add();
        KeycloakOption.describe(
                all,
                MAX_JOIN_TIME,
                ProviderConfigProperty.STRING_TYPE,
                "How long this node may look for its cluster before the start fails; 0, the default, for no limit.");
        KeycloakOption.describe(
                all,
                LOGIN_TIMEOUT,
                ProviderConfigProperty.STRING_TYPE,
                "How long an attempt of discovery to log into the database may take.");
        return all.build();
    }
}
