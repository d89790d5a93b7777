package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Two real nodes of one stack on a database of their own. */
final class KeycloakPeer implements AutoCloseable {
    private static final Duration START_BOUND = Duration.ofMinutes(5);
    private static final Duration VIEW_BOUND = Duration.ofSeconds(90);

    private final Contender contender;
    private final KeycloakCluster cluster;
    private final DiscoveryTable table;
    private final Progress progress;

    KeycloakPeer(Contender contender, KeycloakCluster cluster, DiscoveryTable table, Progress progress) {
        this.contender = contender;
        this.cluster = cluster;
        this.table = table;
        this.progress = progress;
    }

    static KeycloakPeer create(Lab lab, Contender contender, String suffix) throws InterruptedException {
        String name = contender.label() + suffix;
        KeycloakCluster cluster = lab.sandbox().newCluster(name, lab.sandbox().specFor(contender.cacheStack()));
        Database database = lab.sandbox().postgres().createDatabase(name);
        Credentials admin = Credentials.generate("admin");
        for (String node : List.of("a", "b")) {
            cluster.add(NodeConfig.of(
                    name + "-" + node,
                    contender.cacheStack(),
                    lab.sandbox().ports().freeForNode(),
                    database,
                    admin));
        }
        DiscoveryTable table = new DiscoveryTable(lab.sandbox().postgres(), name, contender);
        return new KeycloakPeer(contender, cluster, table, lab.progress());
    }

    /**
     * If no node is up, starts the first on a table without rows, and waits until it has a view: then the tables are
     * there.
     */
    void startFirst() throws InterruptedException {
        if (cluster.nodes().stream().noneMatch(KeycloakNode::isAlive)) {
            table.clear();
            progress.step("Starting " + cluster.node(0).name());
            cluster.node(0).start();
        }
    }

    /** Starts what is down, after the node that is up has a view. */
    void startSecond() throws InterruptedException {
        KeycloakNode up = alive().stream().findFirst().orElse(cluster.node(0));
        Waits.until(() -> !up.isAlive() || up.view().isPresent(), START_BOUND);
        up.failIfDead();
        for (KeycloakNode node : cluster.nodes()) {
            if (!node.isAlive()) {
                progress.step("Starting " + node.name());
                node.start();
            }
        }
    }

    void awaitUp() throws InterruptedException {
        cluster.awaitReady(START_BOUND);
        cluster.awaitOneView(VIEW_BOUND);
    }

    void up() throws InterruptedException {
        startFirst();
        startSecond();
        awaitUp();
    }

    Contender contender() {
        return contender;
    }

    DiscoveryTable table() {
        return table;
    }

    KeycloakCluster cluster() {
        return cluster;
    }

    /** The node that coordinates the view that both are in. */
    KeycloakNode coordinator() {
        return cluster.nodes().stream()
                .filter(KeycloakPeer::coordinates)
                .findFirst()
                .orElseThrow(() -> new RunException("No node of " + contender.label() + " coordinates."));
    }

    /** The other one. */
    KeycloakNode member() {
        return other(coordinator());
    }

    KeycloakNode other(KeycloakNode node) {
        return cluster.nodes().stream().filter(n -> n != node).findFirst().orElseThrow();
    }

    private static boolean coordinates(KeycloakNode node) {
        return node.isAlive() && node.view().map(ClusterView::coordinator).equals(localName(node));
    }

    static Optional<String> localName(KeycloakNode node) {
        return ClusterLog.localName(node.log().lines());
    }

    private List<KeycloakNode> alive() {
        return cluster.nodes().stream().filter(KeycloakNode::isAlive).toList();
    }

    /** kill -9 of the node's JVM; returns when the signal was sent, by this machine's clock as the logs have it. */
    static LocalDateTime kill(KeycloakNode node) {
        ProcessHandle java = node.javaPid()
                .flatMap(ProcessHandle::of)
                .orElseThrow(() -> new RunException(node.name() + " is not running."));
        LocalDateTime killed = LocalDateTime.now(ZoneId.systemDefault());
        java.destroyForcibly();
        node.kill();
        return killed;
    }

    /**
     * Waits for the first view of that size that a node installs after a moment.
     *
     * @return how long after it; empty if the bound is over first
     */
    static Optional<Duration> awaitView(KeycloakNode node, int size, LocalDateTime after, Duration bound)
            throws InterruptedException {
        Waits.until(() -> viewAfter(node, size, after).isPresent(), bound);
        return viewAfter(node, size, after);
    }

    private static Optional<Duration> viewAfter(KeycloakNode node, int size, LocalDateTime after) {
        return ClusterLog.viewChanges(node.log().lines()).stream()
                .filter(change -> change.view().size() == size && change.time().isAfter(after))
                .map(change -> Duration.between(after, change.time()))
                .findFirst();
    }

    /** Waits for the first view of a node that was just started; how long after the start of its channel. */
    static Duration awaitFirstView(KeycloakNode node, int size, Duration bound) throws InterruptedException {
        Waits.until(
                () -> !node.isAlive()
                        || ClusterLog.startToView(node.log().lines(), size).isPresent(),
                START_BOUND.plus(bound));
        node.failIfDead();
        return ClusterLog.startToView(node.log().lines(), size)
                .orElseThrow(() -> new RunException(node.name() + " has no view of " + size + "."));
    }

    /** In seconds, to the millisecond. */
    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    @Override
    public void close() {
        cluster.nodes().forEach(KeycloakNode::kill);
    }
}
