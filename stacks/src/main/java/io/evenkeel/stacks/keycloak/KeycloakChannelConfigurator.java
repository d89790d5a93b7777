package io.evenkeel.stacks.keycloak;

import io.agroal.api.AgroalDataSource;
import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.TCP_NETTY;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.stack.Protocol;
import org.jgroups.util.SocketFactory;
import org.keycloak.jgroups.protocol.OPEN_TELEMETRY;

/**
 * A stack as Infinispan configured it, with what Keycloak has to give handed to the pack's protocols when the channel
 * is created: the database to {@link JDBC_PING_LEASE}, keys and trust to {@link TCP_NETTY}, and the user's options to
 * {@link STATE_FC}.
 */
final class KeycloakChannelConfigurator extends AbstractJGroupsChannelConfigurator {

    private static final Set<String> OURS =
            Set.of(JDBC_PING_LEASE.class.getName(), TCP_NETTY.class.getName(), STATE_FC.class.getName());

    private static final String TRACING = OPEN_TELEMETRY.class.getName();

    private final JGroupsChannelConfigurator stack;
    private final Optional<ExtendedJdbcPing.ChannelBase> base;
    private final KeycloakServices keycloak;
    private final ClusterTls tls;

    KeycloakChannelConfigurator(
            JGroupsChannelConfigurator stack,
            Optional<ExtendedJdbcPing.ChannelBase> base,
            KeycloakServices keycloak,
            ClusterTls tls) {
        this.stack = stack;
        this.base = base;
        this.keycloak = keycloak;
        this.tls = tls;
    }

    /** True if the stack has a protocol in it that wants something of Keycloak. */
    static boolean concerns(JGroupsChannelConfigurator stack) {
        return stack.getProtocolStack().stream()
                .map(ProtocolConfiguration::getProtocolName)
                .anyMatch(OURS::contains);
    }

    /** The stack's attributes of TCP_NETTY, as they stand in the XML; empty if it has another transport. */
    static Optional<Map<String, String>> transportAttributes(JGroupsChannelConfigurator stack) {
        return stack.getProtocolStack().stream()
                .filter(protocol -> protocol.getProtocolName().equals(TCP_NETTY.class.getName()))
                .map(ProtocolConfiguration::getProperties)
                .findFirst();
    }

    @Override
    public String getName() {
        return stack.getName();
    }

    @Override
    public String getProtocolStackString() {
        return stack.getProtocolStackString();
    }

    /**
     * With Keycloak's tracing on, its protocol for it stands right above the transport, as in Keycloak's own stacks.
     */
    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
        List<ProtocolConfiguration> protocols = new ArrayList<>(stack.getProtocolStack());
        if (keycloak.tracesCluster() && protocols.stream().noneMatch(KeycloakChannelConfigurator::isTracing)) {
            protocols.add(1, new ProtocolConfiguration(TRACING, Map.of()));
        }
        return protocols;
    }

    private static boolean isTracing(ProtocolConfiguration protocol) {
        return TRACING.equals(protocol.getProtocolName());
    }

    @Override
    public JChannel createChannel(String name) throws Exception {
        return amendChannel(new JChannel(this));
    }

    @Override
    protected JChannel amendChannel(JChannel channel) {
        JChannel amended = super.amendChannel(channel);
        return base.isPresent() ? base.get().amend(amended) : amended;
    }

    @Override
    public void setSocketFactory(SocketFactory socketFactory) {
        super.setSocketFactory(socketFactory);
        stack.setSocketFactory(socketFactory);
    }

    @Override
    public void setDataSource(DataSource dataSource) {
        super.setDataSource(dataSource);
        stack.setDataSource(dataSource);
    }

    @Override
    public void afterCreation(Protocol protocol) throws Exception {
        stack.afterCreation(protocol);
        if (base.isPresent()) {
            base.get().afterCreation(protocol);
        }
        if (protocol instanceof JDBC_PING_LEASE discovery) {
            giveDatabase(discovery);
        } else if (protocol instanceof TCP_NETTY transport) {
            secure(transport);
            // Keycloak turns the counters on as well, but when its caches have started: without their state.
            transport.getMessageStats().enable(true);
        } else if (protocol instanceof STATE_FC pacing) {
            keycloak.stateTransfer().applyTo(pacing);
        }
    }

    private void giveDatabase(JDBC_PING_LEASE discovery) throws Exception {
        keycloak.lease().applyTo(discovery);
        if (discovery.hasDatabase()) {
            return; // the stack's XML names one of its own
        }
        AgroalDataSource database = keycloak.leaseDataSource(discovery.getLoginTimeout());
        discovery.setOwnDataSource(database, database::close);
        discovery.setTableName(inKeycloaksSchema(discovery.getTableName()));
        discovery.setStockTable(inKeycloaksSchema(discovery.getStockTable()));
    }

    private String inKeycloaksSchema(String table) {
        return table.contains(".")
                ? table
                : keycloak.databaseSchema().map(schema -> schema + "." + table).orElse(table);
    }

    private void secure(TCP_NETTY transport) throws CertificateMaterialException {
        transport.setFipsMode(keycloak.isFips());
        tls.applyTo(transport, transportAttributes(stack).orElse(Map.of()).keySet());
    }
}
