package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NetworkNamespace;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.time.Duration;

/** A cluster of a node on this host and one in a namespace; the database is reached from there through a relay. */
final class SilentPeer implements AutoCloseable {
    private static final Duration START_BOUND = Duration.ofMinutes(5);
    private static final Duration VIEW_BOUND = Duration.ofSeconds(90);
    private static final String BIND_ADDRESS = "--cache-embedded-network-bind-address=";

    private final Lab lab;
    private final NetworkNamespace namespace;
    private final RecordingProxy relay;
    private final KeycloakCluster cluster;
    private final DiscoveryTable table;
    private final KeycloakNode far;
    private final KeycloakNode near;

    private SilentPeer(
            Lab lab, NetworkNamespace namespace, RecordingProxy relay, KeycloakCluster cluster, DiscoveryTable table) {
        this.lab = lab;
        this.namespace = namespace;
        this.relay = relay;
        this.cluster = cluster;
        this.table = table;
        this.far = cluster.node(0);
        this.near = cluster.node(1);
    }

    static SilentPeer create(Lab lab, Contender contender) throws InterruptedException {
        String name = "silent_" + contender.label();
        KeycloakCluster cluster = lab.sandbox().newCluster(name, lab.sandbox().specFor(contender.cacheStack()));
        Database database = lab.sandbox().postgres().createDatabase(name);
        NetworkNamespace namespace = NetworkNamespace.create(lab.random());
        boolean done = false;
        try {
            RecordingProxy relay = RecordingProxy.relay(
                    namespace.hostAddress(), lab.sandbox().postgres().port());
            String farUrl = "jdbc:postgresql://" + namespace.hostAddress() + ":" + relay.port() + "/" + name;
            Credentials admin = Credentials.generate("admin");
            NodeConfig far = NodeConfig.of(
                            contender.label() + "-far",
                            contender.cacheStack(),
                            lab.sandbox().ports().freeForNode(),
                            new Database(farUrl, database.owner()),
                            admin)
                    .withOption(BIND_ADDRESS + namespace.innerAddress());
            NodeConfig near = NodeConfig.of(
                            contender.label() + "-near",
                            contender.cacheStack(),
                            lab.sandbox().ports().freeForNode(),
                            database,
                            admin)
                    .withOption(BIND_ADDRESS + namespace.hostAddress());
            cluster.add(far).home().runThrough(namespace.inside());
            cluster.add(near);
            DiscoveryTable table = new DiscoveryTable(lab.sandbox().postgres(), name, contender);
            SilentPeer peer = new SilentPeer(lab, namespace, relay, cluster, table);
            done = true;
            return peer;
        } finally {
            if (!done) {
                namespace.close();
            }
        }
    }

    double sampleS() throws InterruptedException {
        startBoth();
        namespace.vanish();
        far.kill();
        near.kill();
        lab.progress().step("Restarting " + near.name() + "; the address of " + far.name() + " is silent");
        near.start();
        double seconds = KeycloakPeer.seconds(KeycloakPeer.awaitFirstView(near, 1, Duration.ofMinutes(2)));
        lab.progress().step(near.name() + " had its view " + seconds + " s after its channel's start");
        near.kill();
        namespace.appear();
        return seconds;
    }

    /** The far one first: it is to be the coordinator. */
    private void startBoth() throws InterruptedException {
        table.clear();
        lab.progress().step("Starting " + far.name() + " in a namespace");
        far.start();
        awaitView(far);
        lab.progress().step("Starting " + near.name());
        near.start();
        awaitView(near);
        cluster.awaitOneView(VIEW_BOUND);
        near.awaitReady(START_BOUND);
    }

    private static void awaitView(KeycloakNode node) throws InterruptedException {
        Waits.until(() -> !node.isAlive() || node.view().isPresent(), START_BOUND);
        node.failIfDead();
        if (node.view().isEmpty()) {
            throw new RunException(node.name() + " had no view within " + START_BOUND.toSeconds() + " s.");
        }
    }

    @Override
    public void close() {
        try (namespace;
                relay) {
            far.kill();
            near.kill();
        }
    }
}
