package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A seeded world of members, one table and what lies between: delayed and lost writes, hangs, kills, outages of the database,
 * its clock jumping. Views come from an ideal membership service that excludes whoever is dead or hangs for two seconds.
 */
final class SimWorld {
    private static final long DETECTION_MS = 2000;

    final Random random;
    final boolean canProbe;
    final InMemoryLeaseTable.Store store = new InMemoryLeaseTable.Store(this::databaseMs);
    final List<SimNode> nodes = new ArrayList<>();
    final List<String> violations = new ArrayList<>();
    long nowMs;
    long evictions;

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::order));
    private final Map<Long, SimNode> founders = new HashMap<>();
    private long order;
    private long databaseOffsetMs;
    private long databaseDownUntilMs = -2 * LEASE_MS;
    private double failureRate;
    private int viewNumber;

    private record Task(long atMs, long order, Runnable action) {}

    SimWorld(long seed, boolean canProbe) {
        random = new Random(seed);
        this.canProbe = canProbe;
        databaseOffsetMs = random.nextInt();
    }

    private long databaseMs() {
        return databaseOffsetMs + nowMs;
    }

    /** Whether this operation on the database fails. */
    boolean fails() {
        return nowMs < databaseDownUntilMs || random.nextDouble() < failureRate;
    }

    void later(long delayMs, Runnable action) {
        tasks.add(new Task(nowMs + delayMs, order++, action));
    }

    void start(String address) {
        SimNode node = new SimNode(this, address);
        nodes.add(node);
        later(random.nextInt(10), () -> run(node));
    }

    private void run(SimNode node) {
        if (!node.dead) {
            later(nowMs < node.hungUntilMs ? node.hungUntilMs - nowMs : node.run(), () -> run(node));
        }
    }

    void runUntil(long untilMs) {
        while (!tasks.isEmpty() && tasks.peek().atMs <= untilMs) {
            Task task = tasks.poll();
            nowMs = task.atMs;
            task.action.run();
        }
        nowMs = untilMs;
    }

    /** One random misfortune. */
    void trouble() {
        failureRate = random.nextInt(4) == 0 ? 0.2 : 0.01;
        SimNode victim = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(6)) {
            case 0 -> kill(victim);
            case 1 -> hang(victim, random.nextInt((int) (3 * LEASE_MS)));
            case 2 -> databaseDownUntilMs = nowMs + random.nextInt((int) (3 * LEASE_MS));
            case 3 -> databaseOffsetMs += random.nextInt();
            case 4 -> start("n" + nodes.size());
            default -> databaseOffsetMs -= random.nextInt((int) (2 * LEASE_MS));
        }
    }

    void peace() {
        failureRate = 0;
        databaseDownUntilMs = nowMs;
    }

    void kill(SimNode node) {
        if (!node.dead) {
            node.dead = true;
            node.diedMs = nowMs;
            later(DETECTION_MS, () -> exclude(node));
        }
    }

    private void hang(SimNode node, long forMs) {
        node.hungUntilMs = Math.max(node.hungUntilMs, nowMs + forMs);
        later(DETECTION_MS, () -> {
            if (!node.dead && nowMs < node.hungUntilMs && node.view.joined()) {
                exclude(node);
                node.install(view(List.of(node)));
            }
        });
    }

    private void exclude(SimNode node) {
        ViewInfo old = node.view;
        List<SimNode> left = live(old.members()).stream()
                .filter(n -> n != node && n.view.id().equals(old.id()))
                .toList();
        installAll(left);
    }

    private void installAll(List<SimNode> members) {
        if (!members.isEmpty()) {
            ViewInfo next = view(members);
            members.forEach(n -> n.install(next));
        }
    }

    private ViewInfo view(List<SimNode> members) {
        Set<String> addresses = new LinkedHashSet<>();
        members.forEach(n -> addresses.add(n.me.address()));
        String coordinator = members.get(0).me.address();
        return new ViewInfo(coordinator + "|" + ++viewNumber, coordinator, addresses);
    }

    private List<SimNode> live(Set<String> addresses) {
        return addresses.stream().map(this::node).filter(n -> !n.dead).toList();
    }

    private SimNode node(String address) {
        return nodes.stream()
                .filter(n -> n.me.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    List<SimNode> living() {
        return nodes.stream().filter(n -> !n.dead).toList();
    }

    private boolean responsive(SimNode node) {
        return !node.dead && nowMs >= node.hungUntilMs;
    }

    ProbeVerdict probe(LeaseRow row) {
        SimNode node = node(row.address());
        ProbeVerdict.Kind kind = node.dead
                ? random.nextBoolean() ? ProbeVerdict.Kind.REFUSED : ProbeVerdict.Kind.SILENT
                : responsive(node) ? ProbeVerdict.Kind.ALIVE : ProbeVerdict.Kind.SILENT;
        return new ProbeVerdict(kind, kind.name());
    }

    void join(SimNode joiner, LeaseRow row) {
        SimNode coordinator = node(row.address());
        if (responsive(coordinator) && coordinator.view.coordinator().equals(coordinator.me.address())) {
            List<SimNode> members = new ArrayList<>(live(coordinator.view.members()));
            members.add(joiner);
            installAll(members);
        }
    }

    void merge(SimNode merger, Chore.Merge merge) {
        Set<SimNode> members = new LinkedHashSet<>(live(merger.view.members()));
        for (LeaseRow row : merge.rivals()) {
            SimNode rival = node(row.address());
            if (responsive(rival) && rival.view.id().equals(row.viewId())) {
                members.addAll(live(rival.view.members()));
            }
        }
        if (members.size() > merger.view.members().size()) {
            installAll(new ArrayList<>(members));
        }
    }

    void founded(SimNode founder, long epoch) {
        SimNode before = founders.put(epoch, founder);
        if (before != null) {
            violations.add(
                    nowMs + ": epoch " + epoch + " founded by " + before.me.address() + " and " + founder.me.address());
        }
        InMemoryLeaseTable view = new InMemoryLeaseTable(store, () -> 0);
        for (LeaseRow row : view.read("sim").rows().values()) {
            SimNode other = node(row.address());
            if (other != founder && row.inView() && responsive(other) && nowMs - other.lastBeatMs <= LEASE_MS) {
                violations.add(nowMs + ": " + founder.me.address() + " founded beside live " + row);
            }
        }
    }

    void found(SimNode founder) {
        founder.install(view(List.of(founder)));
    }

    void evicted(SimNode by, Chore.Evict evict) {
        evictions++;
        SimNode node = node(evict.row().address());
        if (!node.dead && nowMs - node.lastBeatMs <= LEASE_MS) {
            violations.add(nowMs + ": " + by.me.address() + " evicted " + evict + " which beat at " + node.lastBeatMs);
        }
        boolean backForLessThanALease = nowMs >= databaseDownUntilMs && nowMs - databaseDownUntilMs <= LEASE_MS;
        if (!node.dead && backForLessThanALease && nowMs - node.hungUntilMs > LEASE_MS) {
            violations.add(nowMs + ": the database is back since " + databaseDownUntilMs + ", yet " + evict);
        }
        if (by.view.members().contains(node.me.address())) {
            violations.add(nowMs + ": " + by.me.address() + " evicted a member of its view: " + evict);
        }
    }

    Set<String> addressesInTable() {
        return new InMemoryLeaseTable(store, () -> 0).read("sim").rows().keySet();
    }
}
