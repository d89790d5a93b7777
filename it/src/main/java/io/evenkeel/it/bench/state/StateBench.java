package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.RivalsResult;
import io.evenkeel.it.bench.RivalsTable;
import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.GridSpec;
import io.evenkeel.it.bench.worker.KeyFiles;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.ShapedNetwork;
import io.evenkeel.it.node.TempDir;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs the cases one after another, and in each the rivals one after another, another one first each time: four of these grids at once
 * would need more memory than most machines have. Each round has a quiet time of its own to compare with. One that fails says
 * so in its row and does not cost the others.
 */
public final class StateBench {
    private static final int OWNERS = 2;

    private final StateScale scale;
    private final Progress progress;
    private final SecureRandom random = new SecureRandom();
    private int casesMeasured;

    public StateBench(StateScale scale, Progress progress) {
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param each takes the table so far after each case, so that a run that is cut short leaves what it has measured
     */
    public RivalsTable run(Collection<StateCase> cases, Consumer<RivalsTable> each) throws InterruptedException {
        List<RivalsResult> results = new ArrayList<>();
        progress.step(Conditions.line(scale));
        try (TempDir dir = TempDir.create()) {
            Optional<KeyFiles> keys = scale.tls() ? Optional.of(KeyFiles.create(dir.path(), random)) : Optional.empty();
            for (StateCase chosen : cases) {
                progress.step("Case " + chosen.label() + ": " + chosen.description());
                results.addAll(measure(chosen, dir, keys));
                each.accept(table(results));
            }
        }
        return table(results);
    }

    private RivalsTable table(List<RivalsResult> results) {
        return new RivalsTable(scale.rivals().stream().map(Rival::label).toList(), results);
    }

    private List<RivalsResult> measure(StateCase chosen, TempDir dir, Optional<KeyFiles> keys)
            throws InterruptedException {
        Optional<String> obstacle = chosen.link().isLoopback() ? Optional.empty() : ShapedNetwork.obstacle();
        if (obstacle.isPresent()) {
            progress.step("Case " + chosen.label() + " skipped: " + obstacle.get());
            return List.of(RivalsResult.notMeasured(chosen.label(), "not measured: " + obstacle.get()));
        }
        Measurement<RivalsResult> measurement = () -> measureAll(chosen, dir, keys);
        return measurement.measureOrSay(
                chosen.label(), progress, reason -> RivalsResult.notMeasured(chosen.label(), reason));
    }

    private List<RivalsResult> measureAll(StateCase chosen, TempDir dir, Optional<KeyFiles> keys)
            throws InterruptedException {
        Map<Rival, List<StateSample>> samples = new EnumMap<>(Rival.class);
        List<Rival> turned = new ArrayList<>(scale.rivals());
        Collections.rotate(turned, -casesMeasured++);
        for (Rival rival : turned) {
            samples.put(rival, measure(chosen, rival, dir, keys));
        }
        return StateRows.of(chosen, samples);
    }

    private List<StateSample> measure(StateCase chosen, Rival rival, TempDir dir, Optional<KeyFiles> keys)
            throws InterruptedException {
        Workload workload = chosen.workload();
        GridSpec spec = new GridSpec(workload.caches(), OWNERS, rival.chunkEntries());
        progress.step(chosen.label() + ", " + rival.label() + ": starts");
        // The nodes end before their hosts do.
        try (Site site = Site.open(chosen.link(), RivalRun.hosts(), random);
                Grid grid = new Grid(dir.path(), site.places(), rival.stack(keys), spec, scale.options(workload))) {
            RivalRun run = new RivalRun(grid, workload, scale, progress);
            run.fill();
            site.slowDown();
            run.warmUp();
            List<StateSample> samples = new ArrayList<>();
            for (int round = 1; round <= scale.rounds(); round++) {
                StateSample sample = run.round();
                samples.add(sample);
                tell(chosen.label() + ", " + rival.label() + ", round " + round, rival, sample);
            }
            return samples;
        }
    }

    private void tell(String what, Rival rival, StateSample sample) {
        progress.step(String.format(
                "%s: joined %.1f s after its view (%.1f s after its start), left in %.1f s, %d failed, %d lost",
                what,
                sample.join().seconds(),
                sample.startSeconds() + sample.join().seconds(),
                sample.leave().seconds(),
                sample.failed(),
                sample.lost()));
        progress.step("  quiet: " + sample.quiet().trips());
        progress.step("  start: " + sample.start().trips());
        progress.step("  join:  " + sample.join().users().trips());
        progress.step("  leave: " + sample.leave().users().trips());
        if (rival == Rival.EVENKEEL) {
            progress.step("  STATE_FC, join:  " + sample.join().pacing());
            progress.step("  STATE_FC, leave: " + sample.leave().pacing());
        }
    }
}
