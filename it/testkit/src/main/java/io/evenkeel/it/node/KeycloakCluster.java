package io.evenkeel.it.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Several nodes of one cluster. The nodes can be stopped, killed, started and added one by one. One thread uses it. */
public final class KeycloakCluster implements AutoCloseable {
    private static final Duration READY_BOUND = Duration.ofMinutes(10);
    private static final Duration VIEW_BOUND = Duration.ofMinutes(3);

    private final KeycloakHome template;
    private final Path dir;
    private final Progress progress;
    private final List<KeycloakNode> nodes = new ArrayList<>();

    /**
     * A cluster without nodes.
     *
     * @param template a built home, of which each node gets a copy
     * @param dir for the nodes' homes
     */
    public KeycloakCluster(KeycloakHome template, Path dir, Progress progress) {
        this.template = template;
        this.dir = dir;
        this.progress = progress;
    }

    /** Adds a node with a home of its own; it is not started. */
    public KeycloakNode add(NodeConfig config) {
        KeycloakNode node = new KeycloakNode(config, template.copyTo(dir.resolve(config.name())));
        nodes.add(node);
        return node;
    }

    public List<KeycloakNode> nodes() {
        return List.copyOf(nodes);
    }

    public KeycloakNode node(int index) {
        return nodes.get(index);
    }

    /**
     * Starts all nodes and waits until they are ready and in one view. The first node comes up alone until it has a
     * view: by then the tables are there. Nodes that start together on an empty database fail now and then, since
     * Keycloak's lock does not cover the creation of Liquibase's own table
     * ({@code relation "databasechangelog" already exists}).
     */
    public void start() throws InterruptedException {
        KeycloakNode first = nodes.get(0);
        progress.step("Starting " + first.name());
        first.start();
        Waits.until(() -> !first.isAlive() || first.view().isPresent(), READY_BOUND);
        first.failIfDead();
        List<KeycloakNode> others = nodes.subList(1, nodes.size());
        if (!others.isEmpty()) {
            progress.step("Starting " + names(others));
            others.forEach(KeycloakNode::start);
        }
        awaitReady(READY_BOUND);
        awaitOneView(VIEW_BOUND);
    }

    /**
     * Waits until each node is ready; throws a {@link RunException} as soon as one has ended, or when the bound is
     * over.
     */
    public void awaitReady(Duration bound) throws InterruptedException {
        List<KeycloakNode> waiting = new ArrayList<>(nodes);
        boolean all = Waits.until(() -> noneLeft(waiting), bound, KeycloakNode.READY_PAUSE_MS);
        for (KeycloakNode node : waiting) {
            node.failIfDead();
        }
        if (!all) {
            waiting.get(0).awaitReady(Duration.ZERO);
        }
    }

    private boolean noneLeft(List<KeycloakNode> waiting) {
        for (KeycloakNode node : List.copyOf(waiting)) {
            if (!node.isAlive()) {
                return true;
            }
            if (node.isReady()) {
                progress.step(node.name() + " is ready");
                waiting.remove(node);
            }
        }
        return waiting.isEmpty();
    }

    /** Waits until all running nodes have installed one view that holds them all and no one else. */
    public void awaitOneView(Duration bound) throws InterruptedException {
        if (!Waits.until(this::inOneView, bound)) {
            String views = running().stream()
                    .map(n ->
                            n.name() + " " + n.view().map(ClusterView::toString).orElse("none"))
                    .collect(Collectors.joining(", "));
            throw new RunException("No common view within " + bound.toSeconds() + " s: " + views);
        }
    }

    /**
     * True if the views that the running nodes logged last are one, and hold as many. The members' names are not
     * compared: of two nodes that join at the same time, one may log the other before it has heard its name.
     */
    public boolean inOneView() {
        List<KeycloakNode> running = running();
        List<ClusterView> views =
                running.stream().flatMap(n -> n.view().stream()).toList();
        return views.size() == running.size()
                && views.stream().map(ClusterView::id).distinct().count() == 1
                && views.stream().allMatch(view -> view.size() == running.size());
    }

    /** Stops all nodes together, gracefully at first. */
    @Override
    public void close() {
        List<KeycloakNode> running = running();
        if (!running.isEmpty()) {
            progress.step("Stopping " + names(running));
        }
        nodes.forEach(KeycloakNode::requestStop);
        nodes.forEach(KeycloakNode::finishStop);
    }

    private static String names(List<KeycloakNode> some) {
        return some.stream().map(KeycloakNode::name).collect(Collectors.joining(", "));
    }

    private List<KeycloakNode> running() {
        return nodes.stream().filter(KeycloakNode::isAlive).toList();
    }
}
