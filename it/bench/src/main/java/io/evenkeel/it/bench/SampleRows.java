package io.evenkeel.it.bench;

import io.evenkeel.it.member.RoundTrips;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Collects the rows of a case that contenders are compared by.
 *
 * @param <S> a round of one contender
 */
public final class SampleRows<S> {
    private final String prefix;
    private final Map<Contender, List<S>> samples;
    private final List<BenchResult> rows = new ArrayList<>();

    /**
     * No row yet.
     *
     * @param prefix of every row's name
     */
    public SampleRows(String prefix, Map<Contender, List<S>> samples) {
        this.prefix = prefix;
        this.samples = new EnumMap<>(samples);
    }

    public List<BenchResult> rows() {
        return List.copyOf(rows);
    }

    public void add(String name, String unit, Goal goal, ToDoubleFunction<S> value) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        samples.keySet().forEach(contender -> values.put(contender.label(), values(contender, value)));
        rows.add(BenchResult.of(new BenchCase(prefix + name, unit, goal), values));
    }

    /** A percentile of the users' times, in ms. */
    public void addPercentile(String name, Goal goal, double percentile, Function<S, RoundTrips> users) {
        add(name, "ms", goal, sample -> users.apply(sample).percentileMs(percentile));
    }

    public boolean has(Contender contender) {
        return samples.containsKey(contender);
    }

    public double median(Contender contender, ToDoubleFunction<S> value) {
        return BenchResult.median(values(contender, value));
    }

    /** The goal, and no chunk-size on stock better than Evenkeel: for what is better when it is smaller. */
    public Goal andNoChunkSizeBetter(Goal goal, ToDoubleFunction<S> value) {
        return goal.andNoChunkSizeBetter(contender -> has(contender) ? values(contender, value) : List.of());
    }

    private List<Double> values(Contender contender, ToDoubleFunction<S> value) {
        return samples.get(contender).stream().map(value::applyAsDouble).toList();
    }
}
