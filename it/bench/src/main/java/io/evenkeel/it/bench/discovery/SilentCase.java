package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Two real nodes, the coordinator in a network namespace. Its address is taken away, both nodes are killed, the other
 * one is started again: the time from its channel's start to its first view.
 */
final class SilentCase implements Measurement {
    static final BenchCase CASE = new BenchCase(
            "kill -9 of both, one restarted, the other's address silent: channel start to its first view",
            "s",
            Goal.atMost(10));

    private final Lab lab;

    SilentCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        // The machine for these four nodes alone.
        lab.reset();
        Map<Contender, SilentPeer> peers = new EnumMap<>(Contender.class);
        try {
            for (Contender contender : Contender.STOCK_AND_EVENKEEL) {
                peers.put(contender, SilentPeer.create(lab, contender));
            }
            Map<Contender, List<Double>> samples = Measurement.interleaved(
                    Contender.STOCK_AND_EVENKEEL, lab.scale().rounds(), (contender, round) -> peers.get(contender)
                            .sampleS());
            return List.of(new BenchResult(CASE, samples.get(Contender.STOCK), samples.get(Contender.EVENKEEL)));
        } finally {
            peers.values().forEach(SilentPeer::close);
        }
    }
}
