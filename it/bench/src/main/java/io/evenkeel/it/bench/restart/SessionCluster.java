package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.restart.provider.SessionsResourceFactory;
import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Http;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A cluster whose sessions live in memory alone, with the provider that fills it. One thread uses it. */
final class SessionCluster implements AutoCloseable {
    private static final String VOLATILE_SESSIONS = "--features-disabled=persistent-user-sessions";
    private static final Duration READY_BOUND = Duration.ofMinutes(5);
    private static final Duration SETTLED_BOUND = Duration.ofMinutes(10);
    private static final long SETTLED_PAUSE_MS = 500;
    private static final int MAX_ERRORS = 3;
    private static final int OK = 200;
    /** For an empty list. */
    private static final int NO_CONTENT = 204;

    private final KeycloakCluster cluster;
    private final Diagnostics diagnostics;
    private final TestRealm realm = TestRealm.generate();

    private SessionCluster(KeycloakCluster cluster, Diagnostics diagnostics) {
        this.cluster = cluster;
        this.diagnostics = diagnostics;
    }

    /** The sessions of the whole cluster. */
    record Count(long sessions, long clientSessions) {}

    /** A cluster that is not started, on a database of its own. */
    static SessionCluster create(
            Sandbox sandbox,
            NodeKind kind,
            String name,
            RestartScale scale,
            List<String> through,
            Diagnostics diagnostics)
            throws InterruptedException {
        KeycloakCluster cluster = sandbox.newCluster(name, kind.home().withBuildOption(VOLATILE_SESSIONS));
        Database database = sandbox.database(name);
        Credentials admin = sandbox.admin().orElseGet(() -> Credentials.generate("admin"));
        for (int i = 1; i <= RestartScale.NODES; i++) {
            String nodeName = kind.label() + "-" + i;
            // Tokens are issued under one URL, whichever node is asked.
            NodeConfig config = NodeConfig.of(
                            nodeName, kind.stack(), sandbox.ports().freeForNode(), database, admin)
                    .withHeap(scale.heapOptions())
                    .withOption(VOLATILE_SESSIONS)
                    .withOption("--hostname=http://keycloak.example")
                    .withOption("--hostname-backchannel-dynamic=false")
                    .withJvmOptions(scale.jvmOptions())
                    .withJvmOptions(diagnostics.jvmOptions(nodeName));
            KeycloakNode node = cluster.add(kind.change().apply(config));
            if (!through.isEmpty()) {
                node.home().runThrough(through);
            }
        }
        return new SessionCluster(cluster, diagnostics);
    }

    /**
     * Starts the nodes, and creates the realm and the sessions: each node an equal part, as it owns those that it
     * creates.
     */
    void startWith(int sessions) throws InterruptedException {
        cluster.start();
        realm.createOn(node(0));
        List<KeycloakNode> nodes = cluster.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            int part = sessions / nodes.size() + (i < sessions % nodes.size() ? 1 : 0);
            ask(
                    nodes.get(i),
                    "fill?count=" + part + "&users=" + TestRealm.USERS + "&client=" + TestRealm.FILL_CLIENT,
                    true);
        }
    }

    TestRealm realm() {
        return realm;
    }

    List<KeycloakNode> nodes() {
        return cluster.nodes();
    }

    /** The first errors of each logger in each node's log, of all of its starts. */
    List<String> errors() {
        return nodes().stream()
                .flatMap(node -> node.log().firstErrors(MAX_ERRORS).stream().map(error -> node.name() + ": " + error))
                .toList();
    }

    KeycloakNode node(int index) {
        return cluster.node(index);
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    /** The bytes of all messages that the nodes have received since each of them started. */
    long receivedBytes(List<KeycloakNode> asked) throws InterruptedException {
        long bytes = 0;
        for (KeycloakNode node : asked) {
            bytes += Long.parseLong(ask(node, "received", false));
        }
        return bytes;
    }

    Count count(KeycloakNode asked) throws InterruptedException {
        String[] numbers = ask(asked, "count", false).split(" ", -1);
        return new Count(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    /** Polls until the node is ready, and takes its CPU time meanwhile. */
    static void awaitReady(KeycloakNode node, CpuMeter cpu) throws InterruptedException {
        BooleanSupplier over = () -> {
            cpu.sample(node.javaPid());
            return !node.isAlive() || node.isReady();
        };
        Waits.until(over, READY_BOUND, KeycloakNode.READY_PAUSE_MS);
        node.awaitReady(Duration.ZERO);
    }

    /**
     * Polls until all nodes are in one view and no cache has entries on the move, and takes the CPU time of one node
     * meanwhile.
     */
    void awaitSettled(KeycloakNode starting, CpuMeter cpu) throws InterruptedException {
        cluster.awaitOneView(READY_BOUND);
        BooleanSupplier settled = () -> {
            cpu.sample(starting.javaPid());
            return moving().isEmpty();
        };
        if (!Waits.until(settled, SETTLED_BOUND, SETTLED_PAUSE_MS)) {
            throw new RunException(
                    "Entries are still on the move after " + SETTLED_BOUND.toMinutes() + " min: " + moving());
        }
    }

    /** An interrupt meanwhile is kept for the wait that asks. */
    private List<String> moving() {
        List<String> moving = new ArrayList<>();
        for (KeycloakNode node : nodes()) {
            try {
                String caches = ask(node, "moving", false);
                if (!caches.isEmpty()) {
                    moving.add(node.name() + ": " + caches);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                moving.add(node.name() + ": not asked");
            }
        }
        return moving;
    }

    /** When a rebalance was finished, as the logs of those nodes have it that run. */
    List<LocalDateTime> rebalancesFinished() {
        return nodes().stream()
                .flatMap(node -> ClusterLog.rebalancesFinished(node.log().lines()).stream())
                .toList();
    }

    private String ask(KeycloakNode node, String request, boolean post) throws InterruptedException {
        String path = "/realms/" + realm.name() + "/" + SessionsResourceFactory.ID + "/" + request;
        NodeHttp http = new NodeHttp(node);
        Http.Answer answer = post ? http.post(path) : http.get(path);
        if (answer.status() != OK && answer.status() != NO_CONTENT) {
            throw new RunException(node.name() + " answered " + answer.status() + " to " + path + ": " + answer.body());
        }
        return answer.body().trim();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
