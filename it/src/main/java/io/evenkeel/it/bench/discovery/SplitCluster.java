package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.LineWorker;
import io.evenkeel.it.node.LineWorker.Launch;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.SplitNetwork;
import io.evenkeel.it.node.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Members of one cluster on the two sides of a {@link SplitNetwork}. */
final class SplitCluster implements AutoCloseable {
    private static final Duration VIEW_BOUND = Duration.ofSeconds(90);
    private static final String HEAP = "256m";

    private final List<LineWorker> hosts = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final Map<String, Seen> last = new ConcurrentHashMap<>();

    /** A member's last view: when it came, how large it is, which it is. */
    private record Seen(long atNs, int size, String id) {}

    /** Starts the two JVMs; they have no members yet. */
    SplitCluster(StackKind kind, SplitNetwork network, Database database, Path log) {
        for (SplitNetwork.Side side : List.of(network.left(), network.right())) {
            int host = hosts.size();
            Launch launch = new Launch(
                    side.prefix(),
                    List.of(
                            kind.label(),
                            side.address(),
                            database.jdbcUrl(),
                            database.owner().user()));
            hosts.add(LineWorker.start(
                    launch,
                    MemberHost.class,
                    Map.of(MemberHost.PASSWORD, database.owner().password()),
                    HEAP,
                    log,
                    answer -> hear(host, answer)));
            sizes.add(0);
        }
    }

    private void hear(int host, String answer) {
        String[] words = answer.split(" ", 5);
        if (words[0].equals("view")) {
            last.put(host + "." + words[1], new Seen(Long.parseLong(words[2]), Integer.parseInt(words[3]), words[4]));
        }
    }

    /** Connects one more member on a side, 0 or 1, and waits until all have it in their view. */
    void connect(int host) throws InterruptedException {
        hosts.get(host).tell("connect");
        sizes.set(host, sizes.get(host) + 1);
        awaitOneView("the cluster did not form");
    }

    /** Waits until all have one view that holds them all. */
    void awaitOneView(String otherwise) throws InterruptedException {
        int all = sizes.get(0) + sizes.get(1);
        await(
                () -> last.size() == all
                        && last.values().stream().allMatch(seen -> seen.size() == all)
                        && views("") == 1,
                otherwise);
    }

    /** Waits until each side has a view of its own. */
    void awaitSplit() throws InterruptedException {
        await(() -> ownView(0) && ownView(1), "the members did not split");
    }

    private boolean ownView(int host) {
        return views(host + ".") == 1
                && last.entrySet().stream()
                        .filter(e -> e.getKey().startsWith(host + "."))
                        .allMatch(e -> e.getValue().size() == sizes.get(host));
    }

    private long views(String prefix) {
        return last.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .map(e -> e.getValue().id())
                .distinct()
                .count();
    }

    private void await(BooleanSupplier condition, String otherwise) throws InterruptedException {
        if (!Waits.until(() -> condition.getAsBoolean() || hosts.stream().anyMatch(h -> !h.isAlive()), VIEW_BOUND)
                || hosts.stream().anyMatch(h -> !h.isAlive())) {
            throw new RunException(otherwise + ", views: " + last);
        }
    }

    /** When the last member installed the view that all have. */
    long lastViewNs() {
        return last.values().stream().mapToLong(Seen::atNs).max().orElseThrow();
    }

    @Override
    public void close() {
        hosts.forEach(LineWorker::close);
    }
}
