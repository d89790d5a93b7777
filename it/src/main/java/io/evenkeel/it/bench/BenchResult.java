package io.evenkeel.it.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A measured case.
 *
 * @param stock the samples of the peer, one a round, in the unit of the case
 * @param evenkeel ours
 */
public record BenchResult(BenchCase benchCase, List<Double> stock, List<Double> evenkeel) {
    public BenchResult {
        stock = List.copyOf(stock);
        evenkeel = List.copyOf(evenkeel);
        if (stock.isEmpty() || evenkeel.isEmpty()) {
            throw new IllegalArgumentException(benchCase.name() + " was not measured");
        }
    }

    public double stockMedian() {
        return median(stock);
    }

    public double evenkeelMedian() {
        return median(evenkeel);
    }

    /** Ours by the peer's. */
    public double ratio() {
        return evenkeelMedian() / stockMedian();
    }

    public boolean met() {
        return benchCase.goal().met(stockMedian(), evenkeelMedian());
    }

    /** The spread, for the line below the table. */
    public String spread() {
        return benchCase.name() + " (" + benchCase.unit() + "): stock " + spread(stock) + ", evenkeel "
                + spread(evenkeel);
    }

    static double median(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Three significant digits at least, no exponent. */
    static String number(double value) {
        String format = Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String spread(List<Double> samples) {
        String all = samples.stream().map(BenchResult::number).collect(Collectors.joining(" "));
        double min = samples.stream().min(Double::compare).orElseThrow();
        double max = samples.stream().max(Double::compare).orElseThrow();
        return number(min) + "-" + number(max) + " [" + all + "]";
    }
}
