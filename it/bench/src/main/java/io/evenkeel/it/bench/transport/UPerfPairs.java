package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.transport.UPerfRun.Load;
import io.evenkeel.it.bench.transport.UPerfRun.Sample;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** A pair of nodes for each variant on one JDK; those that do not run a load are idle. One thread uses it. */
final class UPerfPairs implements AutoCloseable {
    private final Map<Variant, UPerfRun> pairs = new EnumMap<>(Variant.class);

    /** Starts them. */
    UPerfPairs(TransportLab lab, Path javaHome) throws InterruptedException {
        try {
            for (Variant variant : lab.scale().variants()) {
                pairs.put(variant, UPerfRun.start(lab, javaHome, variant));
            }
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Runs a load in all of them, one after the other. */
    void warmUp(Load load, int seconds) throws InterruptedException {
        for (UPerfRun pair : pairs.values()) {
            pair.load(load, seconds);
        }
    }

    Sample run(Variant variant, Load load, int seconds) throws InterruptedException {
        return pairs.get(variant).load(load, seconds);
    }

    /** Where one node's processor time goes under that load. */
    FlameGraph profile(Variant variant, Load load, int seconds) throws InterruptedException {
        return pairs.get(variant).profile(load, seconds);
    }

    @Override
    public void close() {
        pairs.values().forEach(UPerfRun::close);
    }
}
