package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.RivalsResult;
import io.evenkeel.it.bench.worker.RoundTrips;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The rows of a case, from the samples of all rivals. */
final class StateRows {
    private static final double P90 = 90;
    private static final double P99 = 99;

    private final StateCase stateCase;
    private final Map<Rival, List<StateSample>> samples;
    private final List<RivalsResult> rows = new ArrayList<>();

    private StateRows(StateCase stateCase, Map<Rival, List<StateSample>> samples) {
        this.stateCase = stateCase;
        this.samples = samples;
    }

    static List<RivalsResult> of(StateCase stateCase, Map<Rival, List<StateSample>> samples) {
        StateRows rows = new StateRows(stateCase, samples);
        rows.addAll();
        return List.copyOf(rows.rows);
    }

    private void addAll() {
        Goals goals = stateCase.goals();
        row("join", "s", goals.time().and(goals.joinBound()), s -> s.join().seconds());
        row(
                "join with the start of the JVM",
                "s",
                Goal.none(),
                s -> s.startSeconds() + s.join().seconds());
        row("leave", "s", goals.time(), s -> s.leave().seconds());
        if (stateCase.workload().hasForeground()) {
            users("quiet", s -> s.quiet().trips());
            percentile("quiet p99", Goal.none(), P99, s -> s.quiet().trips());
            transfer("join", StateSample::join);
            transfer("leave", StateSample::leave);
            row("failed requests", "requests", Goal.atMost(0), StateSample::failed);
        }
        row("lost entries", "entries", Goal.atMost(0), StateSample::lost);
    }

    private void transfer(String name, Function<StateSample, Transfer> transfer) {
        Function<StateSample, RoundTrips> users =
                sample -> transfer.apply(sample).users().trips();
        Goals goals = stateCase.goals();
        users(name, users);
        percentile(name + " p99", goals.p99Ms().and(beatsChunk16(users)), P99, users);
        percentile(name + " p99.9", Goal.none(), 99.9, users);
        row(name + " max", "ms", Goal.none(), sample -> users.apply(sample).maxMs());
        byQuiet(name + " p90 by quiet p90", goals.p90(), P90, users);
        byQuiet(name + " p99 by quiet p99", goals.p99(), P99, users);
    }

    private void users(String name, Function<StateSample, RoundTrips> users) {
        percentile(name + " p50", Goal.none(), 50, users);
        percentile(name + " p90", Goal.none(), P90, users);
    }

    private Goal beatsChunk16(Function<StateSample, RoundTrips> users) {
        if (!stateCase.goals().beatsChunk16() || !samples.containsKey(Rival.CHUNK_16)) {
            return Goal.none();
        }
        double rivalMs = RivalsResult.median(
                values(Rival.CHUNK_16, sample -> users.apply(sample).percentileMs(P99)));
        return Goal.below(Rival.CHUNK_16.label(), rivalMs);
    }

    private void percentile(String name, Goal goal, double percentile, Function<StateSample, RoundTrips> users) {
        row(name, "ms", goal, sample -> users.apply(sample).percentileMs(percentile));
    }

    private void byQuiet(String name, Goal goal, double percentile, Function<StateSample, RoundTrips> users) {
        row(
                name,
                "times",
                goal,
                sample -> users.apply(sample).percentileMs(percentile)
                        / sample.quiet().trips().percentileMs(percentile));
    }

    private void row(String name, String unit, Goal goal, ToDoubleFunction<StateSample> value) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        samples.keySet().stream().sorted().forEach(rival -> values.put(rival.label(), values(rival, value)));
        rows.add(RivalsResult.of(new BenchCase(stateCase.label() + ": " + name, unit, goal), values));
    }

    private List<Double> values(Rival rival, ToDoubleFunction<StateSample> value) {
        return samples.get(rival).stream().map(value::applyAsDouble).toList();
    }
}
