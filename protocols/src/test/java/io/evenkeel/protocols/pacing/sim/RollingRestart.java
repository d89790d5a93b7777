package io.evenkeel.protocols.pacing.sim;

import io.evenkeel.protocols.pacing.core.PacingPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * The cost of a rolling restart of a large cluster, by simulation; docs/benchmarks/simulator.md holds the table and the
 * limits of the model. Not a test: run its main method.
 *
 * <p>A join is simulated byte for byte: all other members send the joiner its share at once, one chunk each under way.
 * A leave is simulated at one receiver, since all receive the same: its part of the lost copies comes from its peers,
 * who each send to the others at the same time and so have a fair part of their link for it.
 */
final class RollingRestart {
    private static final int OWNERS = 2;
    private static final int CHUNK_ENTRIES = 64;
    private static final long LONGEST_NS = Units.quantity("3600s");
    private static final long USERS_EVERY_NS = Units.ms(2);

    private final int nodes;
    private final long entries;
    private final int entryBytes;
    private final long linkBytesPerSecond;

    private RollingRestart(int nodes, long entries, int entryBytes, long linkBytesPerSecond) {
        this.nodes = nodes;
        this.entries = entries;
        this.entryBytes = entryBytes;
        this.linkBytesPerSecond = linkBytesPerSecond;
    }

    /** Prints a row for each cluster. */
    public static void main(String[] args) {
        System.out.println(
                "| nodes | entries | entry | link | moved per restart | join | leave | all nodes, transfers only"
                        + " | joiner's users p99, paced / not |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        row(3, 600_000, 1_000, "200mbit");
        row(10, 10_000_000, 1_000, "1gbit");
        row(100, 100_000_000, 1_000, "1gbit");
        row(100, 100_000_000, 1_000, "10gbit");
        row(100, 100_000_000, 200, "1gbit");
    }

    private static void row(int nodes, long entries, int entryBytes, String link) {
        RollingRestart cluster = new RollingRestart(nodes, entries, entryBytes, Units.quantity(link));
        long bytes = cluster.bytesPerNode();
        double[] paced = cluster.join(bytes, true);
        double[] unpaced = cluster.join(bytes, false);
        double leave = cluster.leave(bytes);
        System.out.printf(
                "| %d | %,d | %d B | %s | %.2f GB | %.1f s (not paced %.1f s) | %.1f s | %.0f min | %.1f / %.1f ms |%n",
                nodes,
                entries,
                entryBytes,
                link,
                2 * bytes / 1e9,
                paced[0],
                unpaced[0],
                leave,
                nodes * (paced[0] + leave) / 60,
                paced[1],
                unpaced[1]);
    }

    private long bytesPerNode() {
        return entries * OWNERS * entryBytes / nodes;
    }

    /** Seconds until the joiner has all, and its users' p99 in milliseconds. */
    private double[] join(long bytes, boolean paced) {
        Simulation simulation = new Simulation(1);
        SimHost joiner = host(simulation, linkBytesPerSecond);
        List<SimTransfer> transfers = new ArrayList<>();
        SimHost last = null;
        for (int i = 0; i < nodes - 1; i++) {
            last = host(simulation, linkBytesPerSecond);
            transfers.add(transfer(simulation, last, joiner, bytes / (nodes - 1), paced));
        }
        SimForeground users = new SimForeground(simulation, last, joiner, 1_000, USERS_EVERY_NS, 1, 0);
        long endNs = run(simulation, transfers);
        return new double[] {endNs / 1e9, users.percentileNs(0.99, 0, endNs) / 1e6};
    }

    /** Seconds until one of those that stay has its part of the copies that were lost. */
    private double leave(long bytes) {
        Simulation simulation = new Simulation(1);
        SimHost receiver = host(simulation, linkBytesPerSecond);
        int donors = Math.max(1, nodes - 2);
        List<SimTransfer> transfers = new ArrayList<>();
        for (int i = 0; i < donors; i++) {
            SimHost donor = host(simulation, Math.max(1_000_000, linkBytesPerSecond / donors));
            transfers.add(transfer(simulation, donor, receiver, bytes / (nodes - 1) / donors, true));
        }
        return run(simulation, transfers) / 1e9;
    }

    private static long run(Simulation simulation, List<SimTransfer> transfers) {
        long stepNs = Units.ms(100);
        long nowNs = 0;
        while (transfers.stream().anyMatch(transfer -> transfer.finishedAtNs() < 0)) {
            nowNs += stepNs;
            if (nowNs > LONGEST_NS) {
                throw new IllegalStateException("not finished after an hour");
            }
            simulation.runUntil(nowNs);
        }
        return transfers.stream().mapToLong(SimTransfer::finishedAtNs).max().orElseThrow();
    }

    private static SimHost host(Simulation simulation, long bytesPerSecond) {
        return new SimHost(simulation, bytesPerSecond, Units.quantity("64mb"), Units.quantity("50us"));
    }

    private SimTransfer transfer(Simulation simulation, SimHost from, SimHost to, long bytes, boolean paced) {
        SimTransfer.Load load = new SimTransfer.Load(bytes, CHUNK_ENTRIES * entryBytes, 1, 0, 0, 0);
        SimTransfer.Pacing pacing = paced ? SimTransfer.Pacing.PACED : SimTransfer.Pacing.UNPACED;
        return new SimTransfer(simulation, from, to, load, PacingPolicy.defaults(), pacing, 0);
    }
}
