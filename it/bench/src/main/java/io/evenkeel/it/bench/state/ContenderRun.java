package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.GridLoad;
import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One boot of a contender: three nodes that are filled once, and a fourth that joins and leaves each round. One thread
 * uses it.
 */
final class ContenderRun {
    private static final int STAYING = 3;
    private static final int ALL = STAYING + 1;
    /** The time that a transfer may take; the requests end by themselves then. */
    private static final Duration BOUND = Duration.ofMinutes(9);

    private static final double S_PER_NS = 1e-9;

    private final Grid grid;
    private final Workload workload;
    private final StateScale scale;
    private final GridLoad load;
    private final Progress progress;
    private final List<ChildJvm> staying = new ArrayList<>();

    ContenderRun(Grid grid, Workload workload, StateScale scale, Progress progress) {
        this.grid = grid;
        this.workload = workload;
        this.scale = scale;
        this.load = workload.load(scale.entries());
        this.progress = progress;
    }

    /** The hosts that a run needs. */
    static int hosts() {
        return ALL;
    }

    /** Starts the nodes that stay and puts the entries into them. */
    void fill() throws InterruptedException {
        for (int i = 0; i < STAYING; i++) {
            staying.add(grid.join());
        }
        long startNs = System.nanoTime();
        grid.fill(workload.entries(scale.entries()), workload.bytes());
        progress.step(String.format(
                "  filled %d caches with %,d entries of %,d bytes each in %.1f s",
                workload.caches(),
                workload.entries(scale.entries()),
                workload.bytes(),
                (System.nanoTime() - startNs) * S_PER_NS));
    }

    /** Lets the requests run until the JVMs have compiled what they need. */
    void warmUp() throws InterruptedException {
        users(scale.quiet());
    }

    /** A quiet time, a join, a leave. */
    StateSample round() throws InterruptedException {
        Grid.Outcome quiet = users(scale.quiet());
        Grid.pacing(staying);
        long receivedBefore = Grid.receivedBytes(staying);
        begin();
        Joined joined = startAndJoin();
        Transfer join = new Transfer(
                joined.join().seconds(),
                joined.join().users(),
                Grid.pacing(staying),
                joined.receivedBytes() - receivedBefore);
        Transfer leave = leave();
        return new StateSample(quiet, joined.start().users(), joined.start().seconds(), join, leave, lost());
    }

    /**
     * A node that was started and has joined.
     *
     * @param receivedBytes by all nodes since they were started
     */
    private record Joined(CycleSample.Part start, CycleSample.Part join, long receivedBytes) {}

    /** Starts a node while the requests run, until it has its state; they end then. */
    private Joined startAndJoin() throws InterruptedException {
        long startNs = System.nanoTime();
        ChildJvm joiner = grid.joining();
        long viewNs = Grid.viewNs(staying.get(0), ALL, startNs);
        Grid.Outcome startUsers = cut();
        long joinedNs = settledNs(ALL);
        Grid.Outcome joinUsers = end();
        joiner.awaitReady();
        return new Joined(
                new CycleSample.Part((viewNs - startNs) * S_PER_NS, startUsers),
                new CycleSample.Part((joinedNs - viewNs) * S_PER_NS, joinUsers),
                Grid.receivedBytes(staying) + Grid.receivedBytes(List.of(joiner)));
    }

    private Transfer leave() throws InterruptedException {
        long receivedBefore = Grid.receivedBytes(staying);
        begin();
        long leaveNs = System.nanoTime();
        grid.leaveLast();
        Grid.viewNs(staying.get(0), STAYING, leaveNs);
        long settledNs = settledNs(STAYING);
        Grid.Outcome users = end();
        grid.endLast();
        long received = Grid.receivedBytes(staying) - receivedBefore;
        return new Transfer((settledNs - leaveNs) * S_PER_NS, users, Grid.pacing(staying), received);
    }

    /** Lets a fourth node in, which the cycles restart. */
    void joinFourth() throws InterruptedException {
        grid.join();
    }

    /** A quiet time; then the last node leaves, its process ends, a new one is started, and joins. */
    CycleSample cycle() throws InterruptedException {
        Grid.Outcome quiet = users(scale.quiet());
        long receivedBefore = Grid.receivedBytes(staying);
        begin();
        long leaveNs = System.nanoTime();
        grid.leaveLast();
        grid.endLast();
        Grid.Outcome leaveUsers = cut();
        double leaveS = (System.nanoTime() - leaveNs) * S_PER_NS;
        Joined joined = startAndJoin();
        return new CycleSample(
                quiet,
                new CycleSample.Part(leaveS, leaveUsers),
                joined.start(),
                joined.join(),
                joined.receivedBytes() - receivedBefore,
                lost());
    }

    private long lost() throws InterruptedException {
        return (long) workload.entries(scale.entries()) * workload.caches() - Grid.entries(staying.get(0));
    }

    private long settledNs(int size) throws InterruptedException {
        long settledNs = Long.MIN_VALUE;
        for (ChildJvm node : staying) {
            settledNs = Math.max(settledNs, Grid.settledNs(node, size));
        }
        return settledNs;
    }

    private Grid.Outcome users(Duration duration) throws InterruptedException {
        if (!workload.hasForeground()) {
            return none();
        }
        Grid.begin(staying, load, duration);
        return Grid.end(staying, duration);
    }

    private void begin() {
        if (workload.hasForeground()) {
            Grid.begin(staying, load, BOUND);
        }
    }

    private Grid.Outcome cut() throws InterruptedException {
        return workload.hasForeground() ? Grid.cut(staying) : none();
    }

    private Grid.Outcome end() throws InterruptedException {
        if (!workload.hasForeground()) {
            return none();
        }
        Grid.stop(staying);
        return Grid.end(staying, Duration.ZERO);
    }

    private static Grid.Outcome none() {
        return new Grid.Outcome(RoundTrips.none(), 0);
    }
}
