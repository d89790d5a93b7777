package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.LEASE_MS;
import static io.evenkeel.protocols.lease.CoreFixture.POLICY;

import java.util.concurrent.TimeUnit;

/** One member of the simulation: a keeper, and the duty cycle around it in simulated time. */
final class SimNode {
    final LeaseIdentity me;
    final long bornMs;
    ViewInfo view = ViewInfo.NONE;
    long hungUntilMs;
    long lastBeatMs;
    boolean dead;
    long diedMs;

    private final SimWorld world;
    private final LeaseKeeper keeper;
    private final InMemoryLeaseTable table;
    private final long clockOffsetNs;
    private boolean entered;
    private boolean beatNow = true;
    private long nextBeatMs;
    private long beats;

    SimNode(SimWorld world, String address) {
        this.world = world;
        this.bornMs = world.nowMs;
        me = new LeaseIdentity("sim", address, address, "10.0.0.1:" + address, world.random.nextLong());
        keeper = new LeaseKeeper(POLICY, me, world.canProbe);
        clockOffsetNs = world.random.nextLong() / 4;
        table = new InMemoryLeaseTable(world.store, this::nowNs);
    }

    private long nowNs() {
        return clockOffsetNs + TimeUnit.MILLISECONDS.toNanos(world.nowMs);
    }

    void install(ViewInfo newView) {
        view = newView;
        keeper.viewChanged(newView);
        beatNow = true;
    }

    /** One round; returns the time to the next. */
    long run() {
        if (world.fails()) {
            keeper.interrupted();
            return 200;
        }
        if (beatNow || world.nowMs >= nextBeatMs) {
            beat();
            if (world.fails()) {
                // The beat arrived, its answer did not.
                keeper.interrupted();
                return 200;
            }
        }
        LeasePlan plan = keeper.plan(table.read("sim"), nowNs());
        plan.chores().forEach(this::perform);
        if (plan.step() != null) {
            step(plan.step());
            return 50;
        }
        return Math.max(1, nextBeatMs - world.nowMs);
    }

    private void beat() {
        beats++;
        LeaseRow own = new LeaseRow(
                me,
                view.coordinator().equals(me.address()),
                view.id(),
                view.members().size(),
                beats,
                0,
                LEASE_MS,
                LeaseRow.FORMAT);
        if (!entered || !table.beat(own)) {
            table.enter(own);
            entered = true;
        }
        beatNow = false;
        lastBeatMs = world.nowMs;
        nextBeatMs = world.nowMs + TimeUnit.NANOSECONDS.toMillis(POLICY.nextBeatNs(world.random.nextDouble()));
    }

    private void perform(Chore chore) {
        if (chore instanceof Chore.Evict evict) {
            if (table.evict(evict.row())) {
                world.evicted(this, evict);
            }
        } else if (chore instanceof Chore.Renew renew) {
            table.renew(renew.row());
        } else if (chore instanceof Chore.Probe probe) {
            ProbeVerdict verdict = world.probe(probe.row());
            world.later(world.random.nextInt(300), () -> keeper.probed(probe.row(), verdict, nowNs()));
        } else if (chore instanceof Chore.Merge merge) {
            world.merge(this, merge);
        }
    }

    private void step(JoinStep step) {
        boolean leased = world.nowMs - lastBeatMs < LEASE_MS;
        if (step instanceof JoinStep.Join join) {
            world.join(this, join.coordinator());
        } else if (step instanceof JoinStep.TryToFound attempt && leased) {
            if (table.found(attempt.expectedEpoch(), me)) {
                world.founded(this, attempt.expectedEpoch() + 1);
                if (!world.fails()) {
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
