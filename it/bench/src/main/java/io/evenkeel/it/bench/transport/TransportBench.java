package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.node.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Runs the cases one after another. One that fails says so in its row and does not cost the others. */
public final class TransportBench {
    private final TransportScale scale;
    private final Progress progress;

    public TransportBench(TransportScale scale, Progress progress) {
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param each takes the table so far after each case, so that a run that is cut short leaves what it has measured
     */
    public BenchTable run(Collection<TransportCase> cases, Consumer<BenchTable> each) throws InterruptedException {
        List<BenchResult> results = new ArrayList<>();
        try (TransportLab lab = new TransportLab(scale, progress)) {
            for (TransportCase chosen : cases) {
                progress.step("Case " + chosen.label() + ": " + chosen.description());
                results.addAll(chosen.in(lab)
                        .measureOrSay(
                                chosen.label(),
                                progress,
                                reason -> BenchResult.notMeasured(chosen.description(), reason)));
                each.accept(new BenchTable(results));
            }
        }
        return new BenchTable(results);
    }
}
