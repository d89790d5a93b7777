package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Makes the table: a sample a round, and one a restart where it is a restart's time.
 *
 * @param contenders the columns
 * @param recordings those that there are so far
 */
record RestartReport(List<Contender> contenders, Map<Contender, List<Recording>> recordings) {
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final double BYTES_PER_MB = 1e6;
    private static final int REASONS = 3;
    private static final double MAX_TIME_FACTOR = 0.7;
    /** Half of the state, and the users' messages, which are about as many. */
    private static final double MAX_BYTES_FACTOR = 0.6;

    private static final List<Double> ALL = List.of(50.0, 90.0, 99.0, 99.9, 100.0);
    private static final List<Double> FEW = List.of(50.0, 90.0, 99.0, 100.0);
    private static final String STAYING = "to the nodes that stay, during restarts";

    RestartReport {
        contenders = List.copyOf(contenders);
        recordings = new EnumMap<>(recordings);
    }

    BenchTable table() {
        List<BenchResult> rows = new ArrayList<>();
        rows.add(perRound("sessions lost", "sessions", Goal.atMost(0), r -> (double) r.lost()));
        rows.add(perRound("failed requests", "requests", Goal.atMost(0), r ->
                        (double) r.failed().size())
                .withNote(failures()));
        rows.addAll(latencies(STAYING, Phase::ofRestart, ALL));
        for (Phase phase : List.of(Phase.QUIET, Phase.CONTROL, Phase.LEAVE, Phase.BOOT, Phase.TRANSFER)) {
            rows.addAll(latencies(phase.words(), p -> p == phase, phase == Phase.QUIET ? ALL : FEW));
        }
        rows.addAll(latencies(Phase.FRESH.words() + ", to the others", p -> p == Phase.FRESH, FEW));
        rows.addAll(percentiles(
                Phase.FRESH.words() + ", to the restarted node", Recording::freshLatenciesNs, FEW, p -> Goal.none()));
        rows.addAll(times());
        rows.add(perRestart(
                "MB between the nodes, a restart", "MB", Goal.atMostTimesStock(MAX_BYTES_FACTOR), Restart::receivedMb));
        rows.add(perRound(
                "MB/s between the nodes in quiet", "MB/s", Goal.none(), r -> r.quietBytesPerS() / BYTES_PER_MB));
        rows.add(perRound(
                "longest collection of the nodes that stay, during restarts",
                "ms",
                Goal.none(),
                r -> longestMs(r.pausesIn(Phase::ofRestart))));
        rows.add(perRound(
                "collections of the nodes that stay, during restarts",
                "s",
                Goal.none(),
                r -> allS(r.pausesIn(Phase::ofRestart))));
        for (Phase phase : List.of(Phase.CONTROL, Phase.BOOT, Phase.TRANSFER)) {
            rows.add(perRound(
                    "CPU of the starting JVM " + phase.words(), "cores", Goal.none(), r -> r.startingCores(phase)));
        }
        return new BenchTable(contenders.stream().map(Contender::label).toList(), rows);
    }

    private List<BenchResult> times() {
        return List.of(
                perRestart("stop to ready", "s", Goal.none(), Restart::stopToReadyS),
                perRestart(
                        "stop to caches settled",
                        "s",
                        noChunkSizeIsBetter(
                                Goal.atMostTimesStock(MAX_TIME_FACTOR),
                                some -> ofRestarts(some, Restart::stopToSettledS)),
                        Restart::stopToSettledS),
                perWindow("of it: leave, from the stop to the end of the rebalance without it", Phase.LEAVE),
                perWindow("of it: boot, before its channel starts and after its state has come", Phase.BOOT),
                perWindow("of it: join, from the channel start to the end of the rebalance with it", Phase.TRANSFER));
    }

    private List<BenchResult> latencies(String where, Predicate<Phase> phases, List<Double> percentiles) {
        Function<Recording, Histogram> ofPhases = recording -> recording.latenciesNs(phases);
        return percentiles(
                where,
                ofPhases,
                percentiles,
                percentile -> where.equals(STAYING) ? goal(percentile, ofPhases) : Goal.none());
    }

    private List<BenchResult> percentiles(
            String where,
            Function<Recording, Histogram> histogram,
            List<Double> percentiles,
            Function<Double, Goal> goal) {
        return percentiles.stream()
                .map(percentile -> row(
                        new BenchCase(name(percentile) + " " + where, "ms", goal.apply(percentile)),
                        some -> percentileMs(some, histogram, percentile)))
                .toList();
    }

    private static String name(double percentile) {
        return percentile == 100
                ? "max"
                : "p" + (percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile);
    }

    /** The 99th is judged: below it nobody feels much, above it there are a handful of requests. */
    private Goal goal(double percentile, Function<Recording, Histogram> histogram) {
        return percentile == 99
                ? noChunkSizeIsBetter(Goal.atMostTimesStock(1), some -> percentileMs(some, histogram, percentile))
                : Goal.none();
    }

    private Goal noChunkSizeIsBetter(Goal besideStock, Function<List<Recording>, List<Double>> values) {
        return besideStock.andNoChunkSizeBetter(
                contender -> values.apply(recordings.getOrDefault(contender, List.of())));
    }

    private static List<Double> percentileMs(
            List<Recording> some, Function<Recording, Histogram> histogram, double percentile) {
        return some.stream()
                .map(histogram)
                .filter(h -> h.getTotalCount() > 0)
                .map(h -> h.getValueAtPercentile(percentile) / NS_PER_MS)
                .toList();
    }

    private static double longestMs(List<GcPause> pauses) {
        return pauses.stream().mapToDouble(GcPause::ms).max().orElse(0);
    }

    private static double allS(List<GcPause> pauses) {
        return pauses.stream().mapToLong(pause -> pause.toNs() - pause.fromNs()).sum() / NS_PER_S;
    }

    private BenchResult perRound(String name, String unit, Goal goal, Function<Recording, Double> value) {
        return row(
                new BenchCase(name, unit, goal),
                some -> some.stream().map(value).toList());
    }

    private BenchResult perRestart(String name, String unit, Goal goal, ToDoubleFunction<Restart> value) {
        return row(new BenchCase(name, unit, goal), some -> ofRestarts(some, value));
    }

    private static List<Double> ofRestarts(List<Recording> some, ToDoubleFunction<Restart> value) {
        return some.stream()
                .flatMap(r -> r.restarts().stream())
                .map(value::applyAsDouble)
                .toList();
    }

    /** The sum of a restart's windows of that phase, a sample a restart. */
    private BenchResult perWindow(String name, Phase phase) {
        return row(new BenchCase(name, "s", Goal.none()), some -> some.stream()
                .flatMap(r -> r.restarts().stream().map(restart -> r.seconds(phase, restart)))
                .toList());
    }

    private BenchResult row(BenchCase benchCase, Function<List<Recording>, List<Double>> values) {
        Map<String, List<Double>> samples = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            samples.put(contender.label(), values.apply(recordings.getOrDefault(contender, List.of())));
        }
        return samples.values().stream().allMatch(List::isEmpty)
                ? BenchResult.notMeasured(benchCase.name(), "no sample")
                : BenchResult.of(benchCase, samples);
    }

    /** The most frequent reasons of each, and stops that had to be ended by a kill. */
    private String failures() {
        return contenders.stream()
                .map(contender -> failures(contender.label(), recordings.getOrDefault(contender, List.of())))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String failures(String who, List<Recording> some) {
        Stream<String> failed = some.stream()
                .flatMap(r -> r.failed().stream())
                .collect(Collectors.groupingBy(Sample::failure, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
                .limit(REASONS)
                .map(e -> e.getValue() + " x " + e.getKey());
        Stream<String> killed = some.stream()
                .flatMap(r -> r.restarts().stream())
                .filter(restart -> !restart.graceful())
                .map(restart -> restart.node() + " did not stop by itself and was killed");
        String all = Stream.concat(failed, killed).collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : who + ": " + all;
    }
}
