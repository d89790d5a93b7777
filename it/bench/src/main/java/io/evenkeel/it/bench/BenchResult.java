package io.evenkeel.it.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A measured case, or one that says why it was not measured.
 *
 * @param stock the samples of the peer, one a round, in the unit of the case; empty where there is no peer
 * @param evenkeel ours; empty only with a note that says why
 * @param note what a reader has to know beside the figures; empty for nothing
 */
public record BenchResult(BenchCase benchCase, List<Double> stock, List<Double> evenkeel, String note) {
    public BenchResult {
        stock = List.copyOf(stock);
        evenkeel = List.copyOf(evenkeel);
        if (evenkeel.isEmpty() && note.isEmpty()) {
            throw new IllegalArgumentException(benchCase.name() + " was not measured");
        }
    }

    public BenchResult(BenchCase benchCase, List<Double> stock, List<Double> evenkeel) {
        this(benchCase, stock, evenkeel, "");
    }

    /** A case that could not be measured, and why. */
    public static BenchResult notMeasured(String name, String reason) {
        return notMeasured(new BenchCase(name, "-", Goal.none()), reason);
    }

    /** The same of one row. */
    public static BenchResult notMeasured(BenchCase benchCase, String reason) {
        return new BenchResult(benchCase, List.of(), List.of(), reason);
    }

    public BenchResult withNote(String newNote) {
        return new BenchResult(benchCase, stock, evenkeel, newNote);
    }

    public boolean measured() {
        return !evenkeel.isEmpty();
    }

    public boolean hasStock() {
        return !stock.isEmpty();
    }

    public double stockMedian() {
        return median(stock);
    }

    public double evenkeelMedian() {
        return median(evenkeel);
    }

    /** Ours by the peer's; not a number where one is missing or both are zero. */
    public double ratio() {
        return evenkeelMedian() / stockMedian();
    }

    /** True if the goal is met; empty where nothing was measured or there is no goal. */
    public Optional<Boolean> met() {
        return measured() && benchCase.goal().judges()
                ? Optional.of(benchCase.goal().met(stockMedian(), evenkeelMedian()))
                : Optional.empty();
    }

    /** The spread, for the line below the table. */
    public String spread() {
        return benchCase.name() + " (" + benchCase.unit() + "): stock " + spread(stock) + ", evenkeel "
                + spread(evenkeel);
    }

    static double median(List<Double> samples) {
        if (samples.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Three significant digits at least, no exponent; a dash for what is missing or not finite. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        String format = Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String spread(List<Double> samples) {
        if (samples.isEmpty()) {
            return "-";
        }
        String all = samples.stream().map(BenchResult::number).collect(Collectors.joining(" "));
        double min = samples.stream().min(Double::compare).orElseThrow();
        double max = samples.stream().max(Double::compare).orElseThrow();
        return number(min) + "-" + number(max) + " [" + all + "]";
    }
}
