package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
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
final class SilentCase implements Measurement {
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
        Map<Contender, List<Double>> samples = new HashMap<>();
        Map<String, SilentPeer> peers = new TreeMap<>();
        try {
            for (Contender contender : List.of(Contender.STOCK, Contender.EVENKEEL)) {
                peers.put(contender.label(), SilentPeer.create(lab, contender));
            }
            for (int round = 1; round <= lab.scale().rounds(); round++) {
                for (Contender contender : Measurement.inTurn(List.of(Contender.STOCK, Contender.EVENKEEL), round)) {
                    double seconds = peers.get(contender.label()).sampleS();
                    samples.computeIfAbsent(contender, k -> new ArrayList<>()).add(seconds);
                }
            }
        } finally {
            peers.values().forEach(SilentPeer::close);
        }
        return List.of(RestartCase.result(CASE, samples));
    }
}
