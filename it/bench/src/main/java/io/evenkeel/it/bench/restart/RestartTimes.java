package io.evenkeel.it.bench.restart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The moments of a restart, by which it is cut into windows.
 *
 * @param stoppedNs the process has ended
 * @param joinNs the new process starts its channel
 * @param finishedNs the rebalances that were finished since the stop, in any order
 */
record RestartTimes(String node, long stopNs, long stoppedNs, long joinNs, long readyNs, List<Long> finishedNs) {
    RestartTimes {
        finishedNs = List.copyOf(finishedNs);
    }

    /** The end of the rebalance without the node, or of its process when that is later. */
    long leftNs() {
        long last = finishedNs.stream()
                .mapToLong(Long::longValue)
                .filter(ns -> ns < joinNs)
                .max()
                .orElse(stoppedNs);
        return Math.min(joinNs, Math.max(stoppedNs, last));
    }

    /** The end of the rebalance with the node. */
    long transferredNs() {
        return finishedNs.stream()
                .mapToLong(Long::longValue)
                .filter(ns -> ns >= joinNs)
                .max()
                .orElse(joinNs);
    }

    long settledNs() {
        return Math.max(readyNs, transferredNs());
    }

    /** They cover the restart without a gap. */
    List<Window> windows(CpuMeter cpu) {
        List<Window> windows = new ArrayList<>();
        windows.add(window(Phase.LEAVE, stopNs, leftNs(), cpu));
        windows.add(window(Phase.BOOT, leftNs(), joinNs, cpu));
        windows.add(window(Phase.TRANSFER, joinNs, transferredNs(), cpu));
        if (readyNs > transferredNs()) {
            windows.add(window(Phase.BOOT, transferredNs(), readyNs, cpu));
        }
        return windows;
    }

    private Window window(Phase phase, long fromNs, long toNs, CpuMeter cpu) {
        return new Window(phase, fromNs, toNs, Optional.of(node), cpu.between(fromNs, toNs));
    }
}
