package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The values of both contenders, in the order of the rounds. */
final class Samples {
    private final Map<Contender, List<Double>> all = new EnumMap<>(Contender.class);

    void add(Contender contender, double sample) {
        all.computeIfAbsent(contender, first -> new ArrayList<>()).add(sample);
    }

    /** The row of a case of which these are the samples. */
    BenchResult row(BenchCase benchCase) {
        return new BenchResult(benchCase, all.get(Contender.STOCK), all.get(Contender.EVENKEEL));
    }
}
