package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Runs the cases one after another. One that fails says so in its row and does not cost the others. */
public final class DiscoveryBench {
    private final Sandbox sandbox;
    private final Scale scale;
    private final Progress progress;

    public DiscoveryBench(Sandbox sandbox, Scale scale, Progress progress) {
        this.sandbox = sandbox;
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param each takes the table so far after each case, so that a run that is cut short leaves what it has measured
     */
    public BenchTable run(Collection<DiscoveryCase> cases, Consumer<BenchTable> each) throws InterruptedException {
        List<BenchResult> results = new ArrayList<>();
        try (Lab lab = new Lab(sandbox, scale, progress)) {
            for (DiscoveryCase chosen : cases) {
                progress.step("Case " + chosen.label() + ": " + chosen.description());
                results.addAll(measure(chosen, lab));
                each.accept(new BenchTable(results));
            }
        }
        return new BenchTable(results);
    }

    private List<BenchResult> measure(DiscoveryCase chosen, Lab lab) throws InterruptedException {
        Measurement<BenchResult> measurement = () -> {
            try {
                return chosen.in(lab).measure();
            } catch (RuntimeException e) {
                lab.reset();
                throw e;
            }
        };
        return measurement.measureOrSay(
                chosen.label(), progress, reason -> BenchResult.notMeasured(chosen.description(), reason));
    }
}
