package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Makes the table: a sample a round, and one a restart where it is a restart's time. */
record RestartReport(List<Recording> stock, List<Recording> evenkeel) {
    private static final double NS_PER_MS = 1e6;
    private static final int REASONS = 3;
    private static final double MAX_TIME_FACTOR = 1.05;
    private static final List<Double> ALL = List.of(50.0, 90.0, 99.0, 99.9, 100.0);
    private static final List<Double> FEW = List.of(50.0, 90.0, 99.0, 100.0);

    RestartReport {
        stock = List.copyOf(stock);
        evenkeel = List.copyOf(evenkeel);
    }

    BenchTable table() {
        List<BenchResult> rows = new ArrayList<>();
        rows.add(perRound("sessions lost", "sessions", Goal.atMost(0), r -> (double) r.lost()));
        rows.add(perRound("failed requests", "requests", Goal.atMost(0), r ->
                        (double) r.failed().size())
                .withNote(failures()));
        rows.addAll(latencies("to the nodes that stay, during restarts", Phase::ofRestart, ALL, RestartReport::goal));
        rows.addAll(latencies(Phase.QUIET.words(), phase -> phase == Phase.QUIET, ALL, percentile -> Goal.none()));
        for (Phase phase : List.of(Phase.CONTROL, Phase.LEAVE, Phase.BOOT, Phase.TRANSFER)) {
            rows.addAll(latencies(phase.words(), p -> p == phase, FEW, percentile -> Goal.none()));
        }
        rows.addAll(latencies(Phase.FRESH.words() + ", to the others", p -> p == Phase.FRESH, FEW, p -> Goal.none()));
        rows.addAll(percentiles(
                Phase.FRESH.words() + ", to the restarted node", Recording::freshLatenciesNs, FEW, p -> Goal.none()));
        rows.add(perRestart("stop to ready", Goal.none(), Restart::stopToReadyS));
        rows.add(perRestart("stop to caches settled", Goal.atMostTimesStock(MAX_TIME_FACTOR), Restart::stopToSettledS));
        rows.add(perWindow("stop to the end of the rebalance without it", Phase.LEAVE));
        rows.add(perWindow("channel start to the end of the rebalance with it", Phase.TRANSFER));
        for (Phase phase : List.of(Phase.CONTROL, Phase.BOOT, Phase.TRANSFER)) {
            rows.add(perRound(
                    "CPU of the starting JVM " + phase.words(), "cores", Goal.none(), r -> r.startingCores(phase)));
        }
        return new BenchTable(rows);
    }

    private List<BenchResult> latencies(
            String where, Predicate<Phase> phases, List<Double> percentiles, Function<Double, Goal> goal) {
        Function<Recording, Histogram> ofPhases = recording -> recording.latenciesNs(phases);
        return percentiles(where, ofPhases, percentiles, goal);
    }

    private List<BenchResult> percentiles(
            String where,
            Function<Recording, Histogram> histogram,
            List<Double> percentiles,
            Function<Double, Goal> goal) {
        List<Histogram> stockNs = stock.stream().map(histogram).toList();
        List<Histogram> evenkeelNs = evenkeel.stream().map(histogram).toList();
        return percentiles.stream()
                .map(percentile -> result(
                        new BenchCase(name(percentile) + " " + where, "ms", goal.apply(percentile)),
                        percentileMs(stockNs, percentile),
                        percentileMs(evenkeelNs, percentile)))
                .toList();
    }

    private static String name(double percentile) {
        return percentile == 100
                ? "max"
                : "p" + (percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile);
    }

    /** The 99th is judged: below it nobody feels much, above it there are a handful of requests. */
    private static Goal goal(double percentile) {
        return percentile == 99 ? Goal.atMostTimesStock(1) : Goal.none();
    }

    private static List<Double> percentileMs(List<Histogram> timesNs, double percentile) {
        return timesNs.stream()
                .filter(h -> h.getTotalCount() > 0)
                .map(h -> h.getValueAtPercentile(percentile) / NS_PER_MS)
                .toList();
    }

    private BenchResult perRound(String name, String unit, Goal goal, Function<Recording, Double> value) {
        return result(
                new BenchCase(name, unit, goal),
                stock.stream().map(value).toList(),
                evenkeel.stream().map(value).toList());
    }

    private BenchResult perRestart(String name, Goal goal, Function<Restart, Double> value) {
        Function<List<Recording>, List<Double>> all = some ->
                some.stream().flatMap(r -> r.restarts().stream()).map(value).toList();
        return result(new BenchCase(name, "s", goal), all.apply(stock), all.apply(evenkeel));
    }

    private BenchResult perWindow(String name, Phase phase) {
        Function<List<Recording>, List<Double>> all = some -> some.stream()
                .flatMap(r -> r.windows().stream())
                .filter(window -> window.phase() == phase)
                .map(Window::seconds)
                .toList();
        return result(new BenchCase(name, "s", Goal.none()), all.apply(stock), all.apply(evenkeel));
    }

    private static BenchResult result(BenchCase benchCase, List<Double> stockValues, List<Double> evenkeelValues) {
        return evenkeelValues.isEmpty()
                ? BenchResult.notMeasured(benchCase, "no request fell into it")
                : new BenchResult(benchCase, stockValues, evenkeelValues);
    }

    /** The most frequent reasons of either, and stops that had to be ended by a kill. */
    private String failures() {
        return Stream.of(failures("stock", stock), failures("evenkeel", evenkeel))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String failures(String who, List<Recording> recordings) {
        Stream<String> failed = recordings.stream()
                .flatMap(r -> r.failed().stream())
                .collect(Collectors.groupingBy(Sample::failure, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
                .limit(REASONS)
                .map(e -> e.getValue() + " x " + e.getKey());
        Stream<String> killed = recordings.stream()
                .flatMap(r -> r.restarts().stream())
                .filter(restart -> !restart.graceful())
                .map(restart -> restart.node() + " did not stop by itself and was killed");
        String all = Stream.concat(failed, killed).collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : who + ": " + all;
    }
}
