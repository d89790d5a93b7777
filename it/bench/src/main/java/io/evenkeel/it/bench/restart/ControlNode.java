package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A Keycloak of a cluster and a database of its own: what its start costs the others is CPU, and nothing else. */
final class ControlNode implements AutoCloseable {
    private static final String STACK = "jdbc-ping";
    private static final Duration READY_BOUND = Duration.ofMinutes(5);

    private final KeycloakCluster cluster;
    private final KeycloakNode node;

    private ControlNode(KeycloakCluster cluster, KeycloakNode node) {
        this.cluster = cluster;
        this.node = node;
    }

    /**
     * Starts it once, so that its tables are there, and stops it.
     *
     * @param through words before its command, such as those of a limit of processors
     */
    static ControlNode prepare(Sandbox sandbox, List<String> through) throws InterruptedException {
        KeycloakCluster cluster = sandbox.newCluster("control", sandbox.specFor(STACK));
        KeycloakNode node = cluster.add(NodeConfig.of(
                "control",
                STACK,
                sandbox.ports().freeForNode(),
                sandbox.postgres().createDatabase("control"),
                Credentials.generate("admin")));
        if (!through.isEmpty()) {
            node.home().runThrough(through);
        }
        ControlNode control = new ControlNode(cluster, node);
        boolean done = false;
        try {
            node.start();
            node.awaitReady(READY_BOUND);
            node.stop();
            done = true;
            return control;
        } finally {
            if (!done) {
                control.close();
            }
        }
    }

    /** Starts it, waits until it is ready, and stops it; the window is that of the start. */
    Window boot() throws InterruptedException {
        long fromNs = System.nanoTime();
        CpuMeter cpu = new CpuMeter(fromNs);
        node.start();
        SessionCluster.awaitReady(node, cpu);
        long toNs = System.nanoTime();
        node.stop();
        return new Window(Phase.CONTROL, fromNs, toNs, Optional.empty(), cpu.between(fromNs, toNs));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
