package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.SampleRows;
import io.evenkeel.it.member.RoundTrips;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The rows of a case in which a node leaves, is started again and joins. */
final class CycleRows {
    private static final double P99 = 99;
    private static final double MAX_TIME_FACTOR = 0.7;
    /** Half of the state, and the users' messages, which are about as many. */
    private static final double MAX_BYTES_FACTOR = 0.6;

    private CycleRows() {}

    static List<BenchResult> of(StateCase stateCase, Map<Contender, List<CycleSample>> samples) {
        SampleRows<CycleSample> rows = new SampleRows<>(stateCase.label() + ": ", samples);
        rows.add(
                "cycle",
                "s",
                rows.andNoChunkSizeBetter(Goal.atMostTimesStock(MAX_TIME_FACTOR), CycleSample::seconds),
                CycleSample::seconds);
        rows.add("of it: leave", "s", Goal.none(), s -> s.leave().seconds());
        rows.add("of it: start of the JVM", "s", Goal.none(), s -> s.start().seconds());
        rows.add("of it: join", "s", Goal.none(), s -> s.join().seconds());
        rows.add("MB between the nodes", "MB", Goal.atMostTimesStock(MAX_BYTES_FACTOR), CycleSample::receivedMb);
        percentiles(rows, "quiet", Goal.none(), s -> s.quiet().trips());
        percentiles(
                rows,
                "cycle",
                rows.andNoChunkSizeBetter(
                        Goal.atMostTimesStock(1), s -> s.allTrips().percentileMs(P99)),
                CycleSample::allTrips);
        percentiles(rows, "leave", Goal.none(), s -> s.leave().users().trips());
        percentiles(
                rows, "start of the JVM", Goal.none(), s -> s.start().users().trips());
        percentiles(rows, "join", Goal.none(), s -> s.join().users().trips());
        rows.add("failed requests", "requests", Goal.atMost(0), CycleSample::failed);
        rows.add("lost entries", "entries", Goal.atMost(0), CycleSample::lost);
        return rows.rows();
    }

    private static void percentiles(
            SampleRows<CycleSample> rows, String name, Goal goalOfP99, Function<CycleSample, RoundTrips> users) {
        rows.addPercentile(name + " p50", Goal.none(), 50, users);
        rows.addPercentile(name + " p90", Goal.none(), 90, users);
        rows.addPercentile(name + " p99", goalOfP99, P99, users);
        rows.add(name + " max", "ms", Goal.none(), sample -> users.apply(sample).maxMs());
    }
}
