package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.LabCase;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.NetworkNamespace;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The surroundings that the cases share: the sandbox, and one pair of Keycloak clusters that goes from case to case.
 * One thread uses it.
 */
public final class Lab implements AutoCloseable {
    private final Sandbox sandbox;
    private final Scale scale;
    private final Progress progress;
    private final RandomGenerator random = new SecureRandom();
    private int pairs;
    private Optional<KeycloakPair> pair = Optional.empty();

    Lab(Sandbox sandbox, Scale scale, Progress progress) {
        this.sandbox = sandbox;
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Measures in a lab of its own.
     *
     * @param each takes the table so far after each case, so that a run that is cut short leaves what it has measured
     */
    public static BenchTable run(
            Sandbox sandbox, Scale scale, Progress progress, Collection<LabCase<Lab>> cases, Consumer<BenchTable> each)
            throws InterruptedException {
        try (Lab lab = new Lab(sandbox, scale, progress)) {
            return Measurement.all(
                    List.of(),
                    cases,
                    chosen -> lab.resetting(chosen.measurement().apply(lab)),
                    progress,
                    each);
        }
    }

    /** The same measurement; the next one does not get what it leaves when it fails. */
    private Measurement resetting(Measurement measurement) {
        return () -> {
            try {
                return measurement.measure();
            } catch (RuntimeException e) {
                reset();
                throw e;
            }
        };
    }

    /** The measurement of a row for which this machine may lack network namespaces; then the row tells why. */
    Measurement inNamespaces(BenchCase row, Measurement measurement) {
        return () -> {
            Optional<String> obstacle = NetworkNamespace.obstacle();
            if (obstacle.isPresent()) {
                progress.step("Not measured: " + obstacle.get());
                return List.of(BenchResult.notMeasured(row, "not measured: " + obstacle.get()));
            }
            return measurement.measure();
        };
    }

    /** Two nodes of each stack, running, each two in one view. */
    KeycloakPair runningPair() throws InterruptedException {
        if (pair.isEmpty()) {
            pairs++;
            pair = Optional.of(KeycloakPair.create(this, Integer.toString(pairs)));
        }
        pair.get().up();
        return pair.get();
    }

    /** Stops the shared nodes, after a failure or because a case needs the machine for itself. */
    void reset() {
        pair.ifPresent(KeycloakPair::close);
        pair = Optional.empty();
    }

    Sandbox sandbox() {
        return sandbox;
    }

    Scale scale() {
        return scale;
    }

    Progress progress() {
        return progress;
    }

    RandomGenerator random() {
        return random;
    }

    @Override
    public void close() {
        reset();
    }
}
