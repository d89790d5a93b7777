package io.evenkeel.it.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A measured case with several rivals.
 *
 * @param result stock and Evenkeel, by which the goal is judged
 * @param samples of every rival by its name, one a round, stock and Evenkeel among them
 */
public record RivalsResult(BenchResult result, Map<String, List<Double>> samples) {
    private static final String STOCK = "stock";
    private static final String EVENKEEL = "evenkeel";

    public RivalsResult {
        samples = new LinkedHashMap<>(samples);
    }

    /**
     * Of the samples by the rivals' names; those of "stock" and of "evenkeel" are judged, and either may be missing.
     */
    public static RivalsResult of(BenchCase benchCase, Map<String, List<Double>> samples) {
        List<Double> evenkeel = samples.getOrDefault(EVENKEEL, List.of());
        return new RivalsResult(
                new BenchResult(
                        benchCase,
                        samples.getOrDefault(STOCK, List.of()),
                        evenkeel,
                        evenkeel.isEmpty() ? EVENKEEL + " was left out" : ""),
                samples);
    }

    /** A case that could not be measured, and why. */
    public static RivalsResult notMeasured(String name, String reason) {
        return new RivalsResult(BenchResult.notMeasured(name, reason), Map.of());
    }

    /** The same with what a reader has to know beside the figures. */
    public RivalsResult withNote(String note) {
        return note.isEmpty() ? this : new RivalsResult(result.withNote(note), samples);
    }

    /** The middle one, or the mean of the two in the middle; not a number for none. */
    public static double median(List<Double> samples) {
        return BenchResult.median(samples);
    }

    boolean measured() {
        return !samples.isEmpty();
    }

    /** Median (min-max), or a dash. */
    String cell(String rival) {
        List<Double> all = samples.getOrDefault(rival, List.of());
        return all.isEmpty()
                ? "-"
                : BenchResult.number(median(all)) + " (" + BenchResult.number(min(all)) + "-"
                        + BenchResult.number(max(all)) + ")";
    }

    /** For JSON: what there is of each rival. */
    Map<String, Object> rivals() {
        Map<String, Object> rivals = new LinkedHashMap<>();
        samples.forEach((rival, all) -> {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("median", BenchTable.orNull(median(all)));
            figures.put("min", BenchTable.orNull(min(all)));
            figures.put("max", BenchTable.orNull(max(all)));
            figures.put("rounds", all.stream().map(BenchTable::orNull).toList());
            rivals.put(rival, figures);
        });
        return rivals;
    }

    private static double min(List<Double> all) {
        return all.stream().min(Double::compare).orElse(Double.NaN);
    }

    private static double max(List<Double> all) {
        return all.stream().max(Double::compare).orElse(Double.NaN);
    }
}
