package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.SampleRows;
import io.evenkeel.it.member.RoundTrips;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The rows of a case, from the samples of all contenders. */
final class StateRows {
    private static final double P90 = 90;
    private static final double P99 = 99;

    private final StateCase stateCase;
    private final SampleRows<StateSample> rows;

    private StateRows(StateCase stateCase, Map<Contender, List<StateSample>> samples) {
        this.stateCase = stateCase;
        this.rows = new SampleRows<>(stateCase.label() + ": ", samples);
    }

    static List<BenchResult> of(StateCase stateCase, Map<Contender, List<StateSample>> samples) {
        StateRows all = new StateRows(stateCase, samples);
        all.addAll();
        return all.rows.rows();
    }

    private void addAll() {
        Goals goals = stateCase.goals();
        rows.add("join", "s", goals.time().and(goals.joinBound()), s -> s.join().seconds());
        rows.add(
                "join with the start of the JVM",
                "s",
                Goal.none(),
                s -> s.startSeconds() + s.join().seconds());
        rows.add("leave", "s", goals.time(), s -> s.leave().seconds());
        rows.add("join, MB between the nodes", "MB", Goal.none(), s -> s.join().receivedMb());
        rows.add(
                "leave, MB between the nodes", "MB", Goal.none(), s -> s.leave().receivedMb());
        if (stateCase.workload().hasForeground()) {
            users("quiet", s -> s.quiet().trips());
            rows.addPercentile("quiet p99", Goal.none(), P99, s -> s.quiet().trips());
            transfer("join", StateSample::join);
            transfer("leave", StateSample::leave);
            rows.add("failed requests", "requests", Goal.atMost(0), StateSample::failed);
        }
        rows.add("lost entries", "entries", Goal.atMost(0), StateSample::lost);
    }

    private void transfer(String name, Function<StateSample, Transfer> transfer) {
        Function<StateSample, RoundTrips> users =
                sample -> transfer.apply(sample).users().trips();
        Goals goals = stateCase.goals();
        users(name, users);
        rows.addPercentile(name + " p99", goals.p99Ms().and(beatsChunk16(users)), P99, users);
        rows.addPercentile(name + " p99.9", Goal.none(), 99.9, users);
        rows.add(name + " max", "ms", Goal.none(), sample -> users.apply(sample).maxMs());
        byQuiet(name + " p90 by quiet p90", goals.p90(), P90, users);
        byQuiet(name + " p99 by quiet p99", goals.p99(), P99, users);
    }

    private void users(String name, Function<StateSample, RoundTrips> users) {
        rows.addPercentile(name + " p50", Goal.none(), 50, users);
        rows.addPercentile(name + " p90", Goal.none(), P90, users);
    }

    private Goal beatsChunk16(Function<StateSample, RoundTrips> users) {
        if (!stateCase.goals().beatsChunk16() || !rows.has(Contender.CHUNK_16)) {
            return Goal.none();
        }
        double chunk16Ms =
                rows.median(Contender.CHUNK_16, sample -> users.apply(sample).percentileMs(P99));
        return Goal.below(Contender.CHUNK_16.label(), chunk16Ms);
    }

    private void byQuiet(String name, Goal goal, double percentile, Function<StateSample, RoundTrips> users) {
        rows.add(
                name,
                "times",
                goal,
                sample -> users.apply(sample).percentileMs(percentile)
                        / sample.quiet().trips().percentileMs(percentile));
    }
}
