package io.evenkeel.it.bench;

import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** One case of a benchmark. */
@FunctionalInterface
public interface Measurement {
    /**
     * Measures every round on all contenders, interleaved.
     *
     * @throws InterruptedException if the run is to end
     */
    List<BenchResult> measure() throws InterruptedException;

    /** A case as the command line knows it. */
    interface Case extends Named {
        String description();
    }

    /** A round of one contender. */
    @FunctionalInterface
    interface Round<T, S> {
        S measure(T contender, int round) throws InterruptedException;
    }

    /**
     * Measures all contenders in each round.
     *
     * @return the samples of each, one a round
     */
    static <T, S> Map<T, List<S>> interleaved(List<T> contenders, int rounds, Round<T, S> measured)
            throws InterruptedException {
        Map<T, List<S>> samples = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (T contender : inTurn(contenders, round)) {
                samples.computeIfAbsent(contender, first -> new ArrayList<>()).add(measured.measure(contender, round));
            }
        }
        return samples;
    }

    /** The contenders of a round, counted from 1: another one is first in each. */
    static <T> List<T> inTurn(List<T> contenders, int round) {
        List<T> turned = new ArrayList<>(contenders);
        Collections.rotate(turned, 1 - round);
        return turned;
    }

    /**
     * Measures cases one after another. One that fails says so in its row and does not cost the others.
     *
     * @param contenders the columns of the table, see {@link BenchTable}
     * @param each takes the table so far after each case, so that a run that is cut short leaves what it has measured
     */
    static <C extends Case> BenchTable all(
            List<String> contenders,
            Collection<C> cases,
            Function<C, Measurement> measurement,
            Progress progress,
            Consumer<BenchTable> each)
            throws InterruptedException {
        List<BenchResult> results = new ArrayList<>();
        for (C chosen : cases) {
            progress.step("Case " + chosen.label() + ": " + chosen.description());
            long startNs = System.nanoTime();
            try {
                results.addAll(measurement.apply(chosen).measure());
                progress.step(
                        "Case " + chosen.label() + " took " + (System.nanoTime() - startNs) / 1_000_000_000 + " s");
            } catch (RuntimeException e) {
                // What stands in the way of one case, expected or not, must not cost the figures of hours.
                tellFailure("Case " + chosen.label(), e, progress);
                results.add(BenchResult.notMeasured(
                        chosen.label() + ": " + chosen.description(), "not measured: " + e.getMessage()));
            }
            each.accept(new BenchTable(contenders, results));
        }
        return new BenchTable(contenders, results);
    }

    /**
     * Tells of a part that failed, so that the others can go on.
     *
     * @throws InterruptedException if it failed as the run is to end
     */
    static void tellFailure(String part, RuntimeException failure, Progress progress) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        progress.step(part + " failed: " + failure);
        if (failure instanceof RunException expected) {
            expected.details().forEach(progress::step);
        }
    }
}
