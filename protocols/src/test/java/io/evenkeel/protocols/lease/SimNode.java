package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static io.evenkeel.protocols.lease.CoreFixture.POLICY;

import io.evenkeel.protocols.lease.agent.PauseDetector;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One member of the simulation: a planner, and the duty cycle around it in simulated time. Statements arrive late when
 * the database is slow, those of a dead or hanging member too.
 */
final class SimNode {
    private static final long FIRST_RETRY_MS = 200;
    private static final long JOIN_POLL_MS = 50;
    private static final long WATCHFUL_READ_MS = 1000;
    private static final long TICK_MS = 250;
    private static final long IDLE_MS = 3_600_000;

    final LeaseIdentity me;
    ViewInfo view = ViewInfo.NONE;
    Split split = Split.NONE;
    int side;

    /** True if its way to the database is blocked, and others' ways to its own address. */
    boolean databaseBlocked;

    boolean unreachable;
    long hungUntilMs;
    long lastBeatMs = Long.MIN_VALUE / 2;
    boolean dead;
    long diedMs;

    final InMemoryLeaseTable.Store store;
    private final SimWorld world;
    private final PauseDetector pauses = new PauseDetector(LEASE_MS);
    private final LeasePlanner planner;
    private final LeaseRowFactory lease;
    private final InMemoryLeaseTable table;
    private final long clockOffsetNs;
    private boolean entered;
    private boolean beatNow = true;
    private boolean readAll;
    private long nextBeatMs;
    private long beatSentMs = Long.MIN_VALUE / 2;
    private long retryMs = FIRST_RETRY_MS;
    private int questionsUnderWay;

    /** The members that were alive when a firewall refused for them, by address, and when this member heard of it. */
    private final Map<String, Long> misledMs = new HashMap<>();

    SimNode(SimWorld world, InMemoryLeaseTable.Store store, String address) {
        this.world = world;
        this.store = store;
        me = new LeaseIdentity("sim", address, address, "10.0.0.1:" + address, world.random.nextLong());
        planner = new LeasePlanner(POLICY, me, world.canProbe);
        lease = new LeaseRowFactory(me, LEASE_MS);
        clockOffsetNs = world.random.nextLong() / 4;
        table = new InMemoryLeaseTable(store, this::nowNs);
    }

    private long nowNs() {
        return clockOffsetNs + TimeUnit.MILLISECONDS.toNanos(world.nowMs());
    }

    void install(ViewInfo newView) {
        view = newView;
        planner.viewChanged(newView);
        beatNow = true;
        world.schedule(this, 0);
    }

    /** True if this member may take the row of a living one for that of a dead one, as far as it has been told. */
    boolean misledAbout(LeaseRow row) {
        Long sinceMs = misledMs.get(row.address());
        return sinceMs != null && world.nowMs() - sinceMs <= PeerProbes.GOOD_FOR_MS + SimWorld.LATENCY_MS;
    }

    LeaseHealth health() {
        return LeaseHealth.afterStop(pauses.unverifiedMs(nowNs()), LeaseHealth.of(view, split));
    }

    /** The work of the timer. */
    void tick() {
        if (pauses.tick(nowNs())) {
            readAll = true;
            world.schedule(this, 0);
        }
        world.later(TICK_MS, () -> world.whenAwake(this, this::tick));
    }

    /** Answers whether it reads the row of another in its own table. */
    Attestation attest(LeaseIdentity asker) {
        Attestation.Kind kind = databaseBlocked || world.fails()
                ? Attestation.Kind.UNREADABLE
                : table.read("sim").of(asker) != null ? Attestation.Kind.SEEN : Attestation.Kind.NOT_SEEN;
        return view.joined()
                ? new Attestation(kind, view.id(), world.nodes.get(view.coordinator()).me)
                : new Attestation(kind, "", Attestation.NOBODY);
    }

    boolean fails() {
        return databaseBlocked || world.fails();
    }

    /** One round, which schedules the next. */
    void run() {
        world.unschedule(this);
        if (planner.questionsUnderWay() > questionsUnderWay) {
            world.violations.add(world.nowMs() + ": " + me.address() + " waits for an answer to what it never asked");
        }
        if (beatNow || world.nowMs() >= nextBeatMs) {
            beat();
        } else {
            read();
        }
    }

    private void failed() {
        planner.interrupted();
        world.schedule(this, retryMs);
        retryMs = Math.min(POLICY.heartbeatIntervalMs(), 2 * retryMs);
    }

    private void beat() {
        long sentMs = world.nowMs();
        ask(
                () -> {
                    if (!entered || !table.beat(lease.beat(view))) {
                        table.enter(lease.entry(view));
                    }
                    lastBeatMs = world.nowMs();
                    return true;
                },
                answer -> {
                    entered = true;
                    beatNow = false;
                    beatSentMs = sentMs;
                    nextBeatMs =
                            world.nowMs() + TimeUnit.NANOSECONDS.toMillis(POLICY.nextBeatNs(world.random.nextDouble()));
                    read();
                });
    }

    private void read() {
        long sentNs = nowNs();
        boolean all = readAll || planner.readsAll();
        ask(
                () -> all ? table.read("sim") : table.readCoordinators("sim", view.coordinator()),
                read -> got(new Snapshot(read.founder(), read.rows(), sentNs, nowNs(), read.complete())));
    }

    private void got(Snapshot read) {
        retryMs = FIRST_RETRY_MS;
        world.statements += 2;
        world.rowsRead += read.rows().size();
        boolean own = read.complete() && read.of(me) == null;
        LeasePlan plan = planner.plan(read, nowNs());
        split = plan.split();
        if (read.complete()) {
            readAll = false;
            pauses.verified(read.sentNs());
        }
        beatNow |= own;
        for (LeaseAction action : plan.actions()) {
            if (!perform(action)) {
                failed();
                return;
            }
        }
        if (plan.step() != null) {
            step(plan.step());
            world.schedule(this, JOIN_POLL_MS);
        } else {
            world.schedule(
                    this,
                    Math.max(1, Math.min(nextBeatMs - world.nowMs(), plan.watchful() ? WATCHFUL_READ_MS : IDLE_MS)));
        }
    }

    private interface Answer<T> {
        void take(T value);
    }

    /** A statement: there and back takes time, and either way may be lost. */
    private <T> void ask(Supplier<T> statement, Answer<T> answer) {
        if (fails()) {
            failed();
            return;
        }
        world.afterLatency(() -> {
            T value = statement.get();
            world.afterLatency(() -> world.whenAwake(this, () -> {
                if (fails()) {
                    failed();
                } else {
                    answer.take(value);
                }
            }));
        });
    }

    /** Returns false if the table failed, which leaves open whether the action was done; what comes after it is not. */
    private boolean perform(LeaseAction action) {
        if (action instanceof LeaseAction.Evict evict) {
            return write(() -> {
                if (table.evict(evict.row())) {
                    world.evicted(this, evict);
                }
            });
        } else if (action instanceof LeaseAction.Renew renew) {
            return write(() -> table.renew(renew.row(), renew.view()));
        } else if (action instanceof LeaseAction.Probe probe) {
            ProbeVerdict verdict = world.probe(this, probe.row());
            questionsUnderWay++;
            world.later(
                    world.random.nextInt(300),
                    () -> world.whenAwake(this, () -> {
                        questionsUnderWay--;
                        if (verdict.kind() == ProbeVerdict.Kind.REFUSED
                                && !world.nodes.get(probe.row().address()).dead) {
                            misledMs.put(probe.row().address(), world.nowMs());
                        } else {
                            misledMs.remove(probe.row().address());
                        }
                        planner.probed(probe.row(), verdict, nowNs());
                        world.schedule(this, 0);
                    }));
        } else if (action instanceof LeaseAction.Merge merge) {
            world.merge(this, merge);
        }
        return true;
    }

    private boolean write(Runnable statement) {
        if (databaseBlocked || world.writeFails()) {
            return false;
        }
        world.afterLatency(statement);
        return !world.writeFails();
    }

    private void step(JoinStep step) {
        boolean leased = world.nowMs() - beatSentMs < LEASE_MS;
        if (step instanceof JoinStep.Join join) {
            world.join(this, join.coordinator());
        } else if (step instanceof JoinStep.TryToFound attempt && leased) {
            if (table.found(attempt.expectedEpoch(), me)) {
                world.founded(this, attempt.expectedEpoch() + 1);
                if (!fails()) {
                    world.found(this);
                }
            }
        } else if (step instanceof JoinStep.Found && leased) {
            world.found(this);
        } else {
            beatNow |= !leased;
        }
    }
}
