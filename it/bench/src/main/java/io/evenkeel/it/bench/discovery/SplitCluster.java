package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.SplitNetwork;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Members of one cluster on the two sides of a {@link SplitNetwork}. */
final class SplitCluster implements AutoCloseable {
    private static final Duration VIEW_BOUND = Duration.ofSeconds(90);
    private static final String HEAP = "-Xmx256m";

    private final List<ChildJvm> hosts = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    /** A member's view: when it came, how large it is, which it is. */
    private record Seen(long atNs, int size, String id) {}

    /** Starts the two JVMs; they have no members yet. */
    SplitCluster(MemberKind left, MemberKind right, SplitNetwork network, Database database) {
        startHost(left, network.left(), database);
        startHost(right, network.right(), database);
    }

    private void startHost(MemberKind kind, SplitNetwork.Side side, Database database) {
        ChildJvm host = ChildJvm.start(
                side.prefix(),
                "members at " + side.address(),
                List.of(HEAP),
                MemberHost.class,
                kind.name(),
                side.address(),
                database.jdbcUrl(),
                database.owner().user());
        hosts.add(host);
        sizes.add(0);
        host.send(database.owner().password());
    }

    /** The last view of each member on a side. */
    private Collection<Seen> last(int host) {
        Map<String, Seen> last = new HashMap<>();
        for (String line : hosts.get(host).said(each -> each.startsWith(MemberHost.VIEW))) {
            String[] words = line.split(" ", 5);
            last.put(words[1], new Seen(Long.parseLong(words[2]), Integer.parseInt(words[3]), words[4]));
        }
        return last.values();
    }

    private List<Seen> last() {
        return Stream.of(0, 1).flatMap(host -> last(host).stream()).toList();
    }

    /** Connects one more member on a side, 0 or 1, and waits until all have it in their view. */
    void connect(int host) throws InterruptedException {
        hosts.get(host).send("connect");
        sizes.set(host, sizes.get(host) + 1);
        awaitOneView("the cluster did not form");
    }

    /** Waits until all have one view that holds them all. */
    void awaitOneView(String otherwise) throws InterruptedException {
        int all = sizes.get(0) + sizes.get(1);
        await(() -> isOneView(last(), all), otherwise);
    }

    /** Waits until each side has a view of its own. */
    void awaitSplit() throws InterruptedException {
        await(() -> isOneView(last(0), sizes.get(0)) && isOneView(last(1), sizes.get(1)), "the members did not split");
    }

    private static boolean isOneView(Collection<Seen> last, int members) {
        return last.size() == members
                && last.stream().allMatch(seen -> seen.size() == members)
                && last.stream().map(Seen::id).distinct().count() == 1;
    }

    private void await(BooleanSupplier condition, String otherwise) throws InterruptedException {
        Waits.until(() -> condition.getAsBoolean() || !allAlive(), VIEW_BOUND);
        if (!condition.getAsBoolean()) {
            throw new RunException(otherwise + (allAlive() ? "" : " (a JVM has died)") + ", views: " + last());
        }
    }

    private boolean allAlive() {
        return hosts.stream().allMatch(ChildJvm::isAlive);
    }

    /** When the last member installed the view that all have. */
    long lastViewNs() {
        return last().stream().mapToLong(Seen::atNs).max().orElseThrow();
    }

    @Override
    public void close() {
        hosts.forEach(ChildJvm::close);
    }
}
