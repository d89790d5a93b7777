package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.NetworkNamespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Two real nodes, the coordinator in a network namespace. Its address is taken away, both nodes are killed, the other
 * one is started again: the time from its channel's start to its first view.
 */
final class SilentCase implements Measurement<BenchResult> {
    private static final BenchCase CASE = new BenchCase(
            "kill -9 of both, one restarted, the other's address silent: channel start to its first view",
            "s",
            Goal.atMost(10));

    private final Lab lab;

    SilentCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        Optional<String> obstacle = NetworkNamespace.obstacle();
        if (obstacle.isPresent()) {
            lab.progress().step("Not measured: " + obstacle.get());
            return List.of(BenchResult.notMeasured(CASE, "not measured: " + obstacle.get()));
        }
        // The machine for these four nodes alone.
        lab.reset();
        Map<StackKind, List<Double>> samples = new HashMap<>();
        Map<String, SilentPeer> peers = new TreeMap<>();
        try {
            for (StackKind kind : List.of(StackKind.STOCK, StackKind.EVENKEEL)) {
                peers.put(kind.label(), SilentPeer.create(lab, kind));
            }
            for (int round = 1; round <= lab.scale().rounds(); round++) {
                List<StackKind> order = round % 2 == 1
                        ? List.of(StackKind.STOCK, StackKind.EVENKEEL)
                        : List.of(StackKind.EVENKEEL, StackKind.STOCK);
                for (StackKind kind : order) {
                    double seconds = peers.get(kind.label()).sampleS();
                    samples.computeIfAbsent(kind, k -> new ArrayList<>()).add(seconds);
                }
            }
        } finally {
            peers.values().forEach(SilentPeer::close);
        }
        return List.of(RestartCase.result(CASE, samples));
    }
}
