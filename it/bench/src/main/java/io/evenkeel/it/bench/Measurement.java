package io.evenkeel.it.bench;

import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import java.util.List;
import java.util.function.Function;

/**
 * One case of a benchmark.
 *
 * @param <R> a row of its table
 */
@FunctionalInterface
public interface Measurement<R> {
    /**
     * Measures every round on all rivals, interleaved.
     *
     * @throws InterruptedException if the run is to end
     */
    List<R> measure() throws InterruptedException;

    /**
     * Measures; whatever fails becomes a row that says so, and does not cost the other cases.
     *
     * @param label of the case
     * @param notMeasured makes the row of the reason
     * @throws InterruptedException if the run is to end
     */
    default List<R> measureOrSay(String label, Progress progress, Function<String, R> notMeasured)
            throws InterruptedException {
        long startNs = System.nanoTime();
        try {
            List<R> measured = measure();
            progress.step("Case " + label + " took " + (System.nanoTime() - startNs) / 1_000_000_000 + " s");
            return measured;
        } catch (RuntimeException e) {
            // What stands in the way of one case, expected or not, must not cost the figures of hours.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            progress.step("Case " + label + " failed: " + e);
            if (e instanceof RunException failure) {
                failure.details().forEach(progress::step);
            }
            return List.of(notMeasured.apply("not measured: " + e.getMessage()));
        }
    }
}
