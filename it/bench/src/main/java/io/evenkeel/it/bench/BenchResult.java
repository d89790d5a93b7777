package io.evenkeel.it.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A measured case, or one that says why it was not measured.
 *
 * @param samples of every contender by its name, one a round, in the unit of the case; those of stock and of Evenkeel
 *     are judged, and either may be missing
 * @param note what a reader has to know beside the figures; empty for nothing
 */
public record BenchResult(BenchCase benchCase, Map<String, List<Double>> samples, String note) {
    static final String STOCK = Contender.STOCK.label();
    static final String EVENKEEL = Contender.EVENKEEL.label();

    public BenchResult {
        samples = new LinkedHashMap<>(samples);
    }

    /** Of stock, whose samples are empty where there is no peer, and of Evenkeel. */
    public BenchResult(BenchCase benchCase, List<Double> stock, List<Double> evenkeel) {
        this(benchCase, Map.of(STOCK, List.copyOf(stock), EVENKEEL, List.copyOf(evenkeel)), "");
        if (evenkeel.isEmpty()) {
            throw new IllegalArgumentException(benchCase.name() + " was not measured");
        }
    }

    /** A row with a value of each round of stock and of Evenkeel. */
    public static <S> BenchResult of(
            String name, String unit, Goal goal, List<S> stock, List<S> evenkeel, ToDoubleFunction<S> value) {
        return new BenchResult(
                new BenchCase(name, unit, goal),
                stock.stream().map(value::applyAsDouble).toList(),
                evenkeel.stream().map(value::applyAsDouble).toList());
    }

    /** A row with a single value of Evenkeel, which has no peer. */
    public static BenchResult alone(String name, String unit, Goal goal, double value) {
        return new BenchResult(new BenchCase(name, unit, goal), List.of(), List.of(value));
    }

    /** A row with the samples by the contenders' names. */
    public static BenchResult of(BenchCase benchCase, Map<String, List<Double>> samples) {
        boolean leftOut = samples.getOrDefault(EVENKEEL, List.of()).isEmpty();
        return new BenchResult(benchCase, samples, leftOut ? EVENKEEL + " was left out" : "");
    }

    /** A case that could not be measured, and why. */
    public static BenchResult notMeasured(String name, String reason) {
        return notMeasured(new BenchCase(name, "-", Goal.none()), reason);
    }

    /** The same of one row. */
    public static BenchResult notMeasured(BenchCase benchCase, String reason) {
        return new BenchResult(benchCase, Map.of(), reason);
    }

    /** The same with what a reader has to know beside the figures; empty for nothing new. */
    public BenchResult withNote(String newNote) {
        return newNote.isEmpty() ? this : new BenchResult(benchCase, samples, newNote);
    }

    /** True if there is a sample of any contender. */
    public boolean measured() {
        return samples.values().stream().anyMatch(all -> !all.isEmpty());
    }

    /** True if there is one of Evenkeel. */
    boolean judged() {
        return !of(EVENKEEL).isEmpty();
    }

    List<Double> of(String contender) {
        return samples.getOrDefault(contender, List.of());
    }

    public double stockMedian() {
        return median(of(STOCK));
    }

    public double evenkeelMedian() {
        return median(of(EVENKEEL));
    }

    /** Ours by the peer's; not a number where one is missing or both are zero. */
    public double ratio() {
        return evenkeelMedian() / stockMedian();
    }

    /** True if the goal is met; empty where nothing was measured or there is no goal. */
    public Optional<Boolean> met() {
        return judged() && benchCase.goal().judges()
                ? Optional.of(benchCase.goal().met(stockMedian(), evenkeelMedian()))
                : Optional.empty();
    }

    String verdict() {
        if (!judged()) {
            return "not measured";
        }
        return met().map(met -> met ? "met" : "missed").orElse("-");
    }

    /** The spread, for the line below the table. */
    String spread() {
        return benchCase.name() + " (" + benchCase.unit() + "): stock " + spread(of(STOCK)) + ", evenkeel "
                + spread(of(EVENKEEL));
    }

    /** The middle one, or the mean of the two in the middle; not a number for none. */
    public static double median(List<Double> samples) {
        if (samples.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double min(List<Double> all) {
        return all.stream().min(Double::compare).orElse(Double.NaN);
    }

    static double max(List<Double> all) {
        return all.stream().max(Double::compare).orElse(Double.NaN);
    }

    /** Median (min-max), or a dash. */
    String cell(String contender) {
        List<Double> all = of(contender);
        return all.isEmpty() ? "-" : number(median(all)) + " (" + range(all) + ")";
    }

    /** Three significant digits at least, no exponent; a dash for what is missing or not finite. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        String format = Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String range(List<Double> all) {
        return number(min(all)) + "-" + number(max(all));
    }

    private static String spread(List<Double> all) {
        return all.isEmpty()
                ? "-"
                : range(all) + all.stream().map(BenchResult::number).collect(Collectors.joining(" ", " [", "]"));
    }
}
