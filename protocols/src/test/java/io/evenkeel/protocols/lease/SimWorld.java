package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;

import io.evenkeel.protocols.EventQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A seeded world of members, one table and what lies between: delayed and lost statements, hangs, kills, partitions,
 * outages of the database, its clock jumping. Views come from {@link SimViews}. Violations of the invariants are noted
 * when they happen.
 */
final class SimWorld {
    static final int LATENCY_MS = 500;
    private static final long DETECTION_MS = 2000;
    private static final long MERGE3_MS = 10_000;

    /** In milliseconds. */
    private final EventQueue events = new EventQueue();

    final Random random;
    final boolean canProbe;
    final InMemoryLeaseTable.Store store = new InMemoryLeaseTable.Store(this::databaseMs);
    final Map<String, SimNode> nodes = new LinkedHashMap<>();
    final List<String> violations = new ArrayList<>();
    final SimViews views = new SimViews(this);
    long evictions;
    long statements;
    long rowsRead;
    long deadRowChecks;
    long misled;

    private final Map<SimNode, EventQueue.Event> rounds = new HashMap<>();
    private final Map<InMemoryLeaseTable.Store, Map<Long, SimNode>> founders = new HashMap<>();
    private long databaseOffsetMs;
    private long databaseDownUntilMs = -2 * LEASE_MS;
    private long quietSinceMs;
    private double failureRate;
    private double writeFailureRate;
    private int latencyMs;
    private boolean rejecting;

    SimWorld(long seed, boolean canProbe) {
        random = new Random(seed);
        this.canProbe = canProbe;
        databaseOffsetMs = random.nextInt();
    }

    private long databaseMs() {
        return databaseOffsetMs + nowMs();
    }

    /** True if this operation on the database fails. */
    boolean fails() {
        return nowMs() < databaseDownUntilMs || (failureRate > 0 && random.nextDouble() < failureRate);
    }

    /** True if this write for or against another member fails: some tables can be read and not written. */
    boolean writeFails() {
        return fails() || (writeFailureRate > 0 && random.nextDouble() < writeFailureRate);
    }

    /** True if beats come in time, and the database's clock says so. */
    private boolean steady() {
        return failureRate == 0
                && writeFailureRate == 0
                && latencyMs == 0
                && nowMs() - Math.max(quietSinceMs, databaseDownUntilMs) > LEASE_MS / 3;
    }

    long nowMs() {
        return events.now();
    }

    void later(long delayMs, Runnable action) {
        events.after(delayMs, action);
    }

    /** At once unless the database is slow. */
    void afterLatency(Runnable action) {
        if (latencyMs == 0) {
            action.run();
        } else {
            later(random.nextInt(latencyMs), action);
        }
    }

    /** Never for a dead member, and after the hang of one that hangs. */
    void whenAwake(SimNode node, Runnable action) {
        if (nowMs() < node.hungUntilMs) {
            later(node.hungUntilMs - nowMs(), () -> whenAwake(node, action));
        } else if (!node.dead) {
            action.run();
        }
    }

    /** The member's next round; an earlier one that was scheduled stays. */
    void schedule(SimNode node, long delayMs) {
        EventQueue.Event former = rounds.get(node);
        if (former == null || former.at() > nowMs() + delayMs) {
            unschedule(node);
            rounds.put(
                    node,
                    events.after(
                            delayMs,
                            () -> whenAwake(node, () -> {
                                rounds.remove(node);
                                node.run();
                            })));
        }
    }

    void unschedule(SimNode node) {
        EventQueue.Event former = rounds.remove(node);
        if (former != null) {
            events.cancel(former);
        }
    }

    void start(String address) {
        start(address, store);
    }

    /** Starts a member on another database, a copy for instance. */
    void start(String address, InMemoryLeaseTable.Store on) {
        SimNode node = new SimNode(this, on, address);
        node.side = nodes.isEmpty() ? 0 : living().get(random.nextInt(living().size())).side;
        nodes.put(address, node);
        schedule(node, random.nextInt(10));
        node.tick();
    }

    void runUntil(long untilMs) {
        events.runUntil(untilMs);
    }

    /** One random misfortune. */
    void trouble() {
        failureRate = new double[] {0.2, 0.01, 0, 0}[random.nextInt(4)];
        writeFailureRate = new double[] {0.5, 0.1, 0, 0}[random.nextInt(4)];
        latencyMs = random.nextInt(4) == 0 ? LATENCY_MS : 0;
        long lastsMs = 0;
        List<SimNode> living = living();
        SimNode victim = living.get(random.nextInt(living.size()));
        switch (random.nextInt(8)) {
            case 0 -> kill(victim);
            case 1 -> {
                lastsMs = random.nextInt((int) (3 * LEASE_MS));
                hang(victim, lastsMs);
            }
            case 2 -> {
                lastsMs = random.nextInt((int) (3 * LEASE_MS));
                outage(lastsMs);
            }
            case 3 -> databaseOffsetMs += random.nextInt();
            case 4 -> start("n" + nodes.size());
            case 5 -> partition();
            case 6 -> heal();
            default -> databaseOffsetMs -= random.nextInt((int) (2 * LEASE_MS));
        }
        disturbed(lastsMs);
    }

    void outage(long lastsMs) {
        databaseDownUntilMs = nowMs() + lastsMs;
    }

    /** Puts the member behind a firewall that rejects, on both ways. */
    void wallIn(SimNode node) {
        node.side = 1;
        rejecting = true;
    }

    /** Two leases after the last trouble no row of a dead member may be left, and of split views one serves users. */
    private void disturbed(long lastsMs) {
        quietSinceMs = Math.max(quietSinceMs, nowMs() + lastsMs);
        long since = quietSinceMs;
        later(quietSinceMs + 2 * LEASE_MS - nowMs(), () -> {
            if (since == quietSinceMs && failureRate == 0 && writeFailureRate == 0 && latencyMs == 0) {
                deadRowChecks++;
                if (healthyViews().size() > 1) {
                    violations.add(nowMs() + ": several views serve users: " + healthyViews());
                }
                for (String address : addressesInTable()) {
                    SimNode node = nodes.get(address);
                    if (node.dead) {
                        violations.add(
                                nowMs() + ": the row of " + address + ", dead since " + node.diedMs + ", is there");
                    }
                }
            }
        });
    }

    /** Ends all trouble; hangs go on to their end. */
    void peace() {
        failureRate = 0;
        writeFailureRate = 0;
        latencyMs = 0;
        databaseDownUntilMs = Math.min(databaseDownUntilMs, nowMs());
        heal();
        long hangEndMs = living().stream().mapToLong(n -> n.hungUntilMs).max().orElse(nowMs());
        disturbed(Math.max(0, hangEndMs - nowMs()));
    }

    void kill(SimNode node) {
        if (living().size() > 1) {
            node.dead = true;
            node.diedMs = nowMs();
            later(DETECTION_MS, () -> views.exclude(node));
            disturbed(0);
        }
    }

    void hang(SimNode node, long forMs) {
        node.hungUntilMs = Math.max(node.hungUntilMs, nowMs() + forMs);
        later(DETECTION_MS, () -> {
            if (!node.dead && nowMs() < node.hungUntilMs && node.view.joined()) {
                views.isolate(
                        node, random.nextBoolean() || !node.view.coordinator().equals(node.me.address()));
            }
        });
    }

    /**
     * Stops a member, which afterwards goes on with the view it had; MERGE3 takes it back later if it is not a
     * coordinator, whom the table shows.
     */
    void stop(SimNode node, long forMs) {
        node.hungUntilMs = nowMs() + forMs;
        later(DETECTION_MS, () -> views.isolate(node, false));
        later(forMs + MERGE3_MS, () -> views.takeBack(node));
    }

    /** Cuts the members in two; the firewall is silent, or rejects. */
    void partition() {
        living().forEach(n -> n.side = random.nextInt(2));
        rejecting = random.nextBoolean();
        later(DETECTION_MS, views::split);
    }

    void heal() {
        nodes.values().forEach(n -> n.side = 0);
    }

    List<SimNode> living() {
        return nodes.values().stream().filter(n -> !n.dead).toList();
    }

    /** The views whose members serve users. */
    Set<String> healthyViews() {
        Set<String> views = new LinkedHashSet<>();
        living().stream()
                .filter(n -> n.store == store && responsive(n) && n.health() instanceof LeaseHealth.Healthy)
                .forEach(n -> views.add(n.view.id()));
        return views;
    }

    boolean responsive(SimNode node) {
        return !node.dead && nowMs() >= node.hungUntilMs;
    }

    ProbeVerdict probe(SimNode asker, LeaseRow row) {
        SimNode node = nodes.get(row.address());
        ProbeVerdict.Kind kind;
        if (node.unreachable) {
            kind = random.nextBoolean() ? ProbeVerdict.Kind.REFUSED : ProbeVerdict.Kind.SILENT;
        } else if (node.side != asker.side) {
            kind = rejecting ? ProbeVerdict.Kind.REFUSED : ProbeVerdict.Kind.SILENT;
        } else if (node.dead) {
            kind = random.nextBoolean() ? ProbeVerdict.Kind.REFUSED : ProbeVerdict.Kind.SILENT;
        } else {
            kind = responsive(node) ? ProbeVerdict.Kind.ALIVE : ProbeVerdict.Kind.SILENT;
        }
        if (kind == ProbeVerdict.Kind.REFUSED && !canProbe) {
            kind = ProbeVerdict.Kind.SILENT;
        }
        return kind == ProbeVerdict.Kind.ALIVE
                ? new ProbeVerdict(kind, "answered", node.attest(asker.me))
                : new ProbeVerdict(kind, kind.name());
    }

    void join(SimNode joiner, LeaseIdentity coordinator) {
        sameTable(joiner, nodes.get(coordinator.address()));
        views.join(joiner, nodes.get(coordinator.address()));
    }

    private void sameTable(SimNode one, SimNode other) {
        if (one.store != other.store) {
            violations.add(nowMs() + ": " + one.me.address() + " meets " + other.me.address() + " of another table");
        }
    }

    void merge(SimNode merger, LeaseAction.Merge merge) {
        merge.coordinators().forEach(row -> sameTable(merger, nodes.get(row.address())));
        views.merge(merger, merge.coordinators());
    }

    void founded(SimNode founder, long epoch) {
        SimNode before =
                founders.computeIfAbsent(founder.store, s -> new HashMap<>()).put(epoch, founder);
        if (before != null) {
            violations.add(nowMs() + ": epoch " + epoch + " founded by " + before.me.address() + " and "
                    + founder.me.address());
        }
        for (LeaseRow row : rows(founder.store)) {
            SimNode other = nodes.get(row.address());
            if (other != founder
                    && other.store == founder.store
                    && row.inView()
                    && responsive(other)
                    && nowMs() - other.lastBeatMs <= LEASE_MS) {
                violations.add(nowMs() + ": " + founder.me.address() + " founded beside live " + row);
            }
        }
    }

    void found(SimNode founder) {
        views.found(founder);
    }

    void evicted(SimNode by, LeaseAction.Evict evict) {
        evictions++;
        SimNode node = nodes.get(evict.row().address());
        if (node.store != by.store) {
            return;
        }
        boolean refused = evict.reason().startsWith("refused");
        if (!node.dead && refused && by.misledAbout(evict.row()) && !(steady() && responsive(node))) {
            // A firewall that rejects, in front of a member that is late with its beats: it looks as a dead one does.
            misled++;
            return;
        }
        if (!node.dead && nowMs() - node.lastBeatMs <= LEASE_MS) {
            violations.add(
                    nowMs() + ": " + by.me.address() + " evicted " + evict + " which beat at " + node.lastBeatMs);
        }
        boolean backForLessThanALease = nowMs() >= databaseDownUntilMs && nowMs() - databaseDownUntilMs <= LEASE_MS;
        if (!node.dead && backForLessThanALease && nowMs() - node.hungUntilMs > LEASE_MS) {
            violations.add(nowMs() + ": the database is back since " + databaseDownUntilMs + ", yet " + evict);
        }
        if (latencyMs == 0 && by.view.members().contains(node.me.address())) {
            violations.add(nowMs() + ": " + by.me.address() + " evicted a member of its view: " + evict);
        }
    }

    private static Collection<LeaseRow> rows(InMemoryLeaseTable.Store of) {
        return new InMemoryLeaseTable(of, () -> 0).read("sim").rows().values();
    }

    Set<String> addressesInTable() {
        return addressesIn(store);
    }

    static Set<String> addressesIn(InMemoryLeaseTable.Store of) {
        Set<String> addresses = new LinkedHashSet<>();
        rows(of).forEach(r -> addresses.add(r.address()));
        return addresses;
    }
}
