package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.lease.LeaseHealth;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.infinispan.util.concurrent.BlockingManager;
import org.jgroups.stack.ProtocolStack;
import org.keycloak.infinispan.health.ClusterHealth;
import org.keycloak.infinispan.health.impl.JdbcPingClusterHealthImpl;
import org.keycloak.jgroups.protocol.KEYCLOAK_JDBC_PING2;

/**
 * The cluster's health for {@code /health/ready}: {@link JDBC_PING_LEASE}'s verdict where it is in the stack, and
 * Keycloak's own check where it is not.
 */
final class LeaseClusterHealth implements ClusterHealth {

    @SuppressWarnings("NullAway.Init")
    private volatile ClusterHealth check;

    /** Called by Infinispan once, before the first question. */
    void inject(Transport transport, BlockingManager blockingManager) {
        ProtocolStack stack = transport instanceof JGroupsTransport jgroups
                ? jgroups.getChannel().getProtocolStack()
                : new ProtocolStack();
        JDBC_PING_LEASE discovery = stack.findProtocol(JDBC_PING_LEASE.class);
        if (discovery != null) {
            check = new OfLease(discovery);
        } else if (stack.findProtocol(TCP_NETTY.class) != null
                && stack.findProtocol(KEYCLOAK_JDBC_PING2.class) == null) {
            check = new NoTable();
        } else {
            check = keycloaksOwn(transport, blockingManager);
        }
    }

    private static ClusterHealth keycloaksOwn(Transport transport, BlockingManager blockingManager) {
        JdbcPingClusterHealthImpl own = new JdbcPingClusterHealthImpl();
        own.inject(transport, blockingManager);
        return own;
    }

    @Override
    public boolean isHealthy() {
        return check.isHealthy();
    }

    @Override
    public void triggerClusterHealthCheck() {
        check.triggerClusterHealthCheck();
    }

    @Override
    public boolean isSupported() {
        return check.isSupported();
    }

    /** The lease agent keeps its verdict in memory: nothing to trigger, and no database in the way of a probe. */
    private record OfLease(JDBC_PING_LEASE discovery) implements ClusterHealth {
        @Override
        public boolean isHealthy() {
            return !(discovery.health() instanceof LeaseHealth.Unhealthy);
        }

        @Override
        public void triggerClusterHealthCheck() {
            // The agent updates its verdict with every beat and every view.
        }

        @Override
        public boolean isSupported() {
            return true;
        }
    }

    /** A stack of the pack without a table in which a split could be seen: there is no check, as on any such stack. */
    private record NoTable() implements ClusterHealth {
        @Override
        public boolean isHealthy() {
            return true;
        }

        @Override
        public void triggerClusterHealthCheck() {
            // Nothing is checked.
        }

        @Override
        public boolean isSupported() {
            return false;
        }
    }
}
