package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.GridPlace;
import io.evenkeel.it.bench.grid.GridSpec;
import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.node.CpuLimit;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.ShapedNetwork;
import io.evenkeel.it.node.TempDir;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs the cases one after another, and in each the contenders one after another, another one first each time: four of
 * these grids at once would need more memory than most machines have. Each round has a quiet time of its own to compare
 * with. One that fails says so in its row and does not cost the others.
 */
public final class StateBench {
    private static final double S_PER_MIN = 60;

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
    public BenchTable run(Collection<StateCase> cases, Consumer<BenchTable> each) throws InterruptedException {
        progress.step(Conditions.line(scale));
        tellLength(cases);
        try (TempDir dir = TempDir.create()) {
            Optional<KeyFiles> keys = scale.tls() ? Optional.of(KeyFiles.create(dir.path(), random)) : Optional.empty();
            return Measurement.all(
                    scale.contenders().stream().map(Contender::label).toList(),
                    cases,
                    chosen -> () -> measure(chosen, dir, keys),
                    progress,
                    each);
        }
    }

    private void tellLength(Collection<StateCase> cases) {
        long seconds = cases.stream()
                .mapToLong(each -> scale.contenders().size()
                        * scale.estimate(each, CpuLimit.available()).toSeconds())
                .sum();
        progress.step(String.format(
                "%d cases with %d contenders, about %.0f min in all",
                cases.size(), scale.contenders().size(), seconds / S_PER_MIN));
    }

    private List<BenchResult> measure(StateCase chosen, TempDir dir, Optional<KeyFiles> keys)
            throws InterruptedException {
        Optional<String> obstacle = chosen.link().isLoopback() ? Optional.empty() : ShapedNetwork.obstacle();
        if (obstacle.isPresent()) {
            progress.step("Case " + chosen.label() + " skipped: " + obstacle.get());
            return List.of(BenchResult.notMeasured(chosen.label(), "not measured: " + obstacle.get()));
        }
        List<Contender> turned = Measurement.inTurn(scale.contenders(), ++casesMeasured);
        if (chosen.isCycle()) {
            return CycleRows.of(chosen, measureAll(chosen, turned, dir, keys, this::cycles));
        }
        return StateRows.of(chosen, measureAll(chosen, turned, dir, keys, this::joinsAndLeaves));
    }

    /** The rounds of a contender whose nodes are started and filled: each is told of as soon as it is over. */
    private interface Rounds<S> {
        void measure(Contender contender, String where, ContenderRun run, Consumer<S> each) throws InterruptedException;
    }

    private <S> Map<Contender, List<S>> measureAll(
            StateCase chosen, List<Contender> turned, TempDir dir, Optional<KeyFiles> keys, Rounds<S> rounds)
            throws InterruptedException {
        Map<Contender, List<S>> samples = new EnumMap<>(Contender.class);
        for (Contender contender : turned) {
            List<S> ofContender = new ArrayList<>();
            try {
                measure(chosen, contender, dir, keys, rounds, ofContender::add);
            } catch (RunException e) {
                // A contender that fails costs neither the others nor its own rounds of before.
                Measurement.tellFailure(chosen.label() + ", " + contender.label(), e, progress);
            }
            if (!ofContender.isEmpty()) {
                samples.put(contender, ofContender);
            }
        }
        if (samples.isEmpty()) {
            throw new RunException("every contender failed, as told above");
        }
        return samples;
    }

    private <S> void measure(
            StateCase chosen,
            Contender contender,
            TempDir dir,
            Optional<KeyFiles> keys,
            Rounds<S> rounds,
            Consumer<S> each)
            throws InterruptedException {
        Workload workload = chosen.workload();
        GridSpec spec = new GridSpec(
                workload.caches(),
                StateScale.OWNERS,
                contender.chunkEntries(),
                scale.startOf(contender),
                chosen.easesRestarts(contender));
        String where = chosen.label() + ", " + contender.label();
        progress.step(where + ": starts, its caches " + spec.start().label());
        Optional<CpuLimit> limit = limit();
        // The nodes end before their hosts do.
        try (Site site = Site.open(chosen.link(), ContenderRun.hosts(), random);
                Grid grid = new Grid(
                        dir.path(),
                        limited(site.places(), limit),
                        contender.stack(keys),
                        spec,
                        scale.options(workload))) {
            ContenderRun run = new ContenderRun(grid, workload, scale, progress);
            run.fill();
            site.slowDown();
            run.warmUp();
            rounds.measure(contender, where, run, each);
        } finally {
            limit.ifPresent(CpuLimit::close);
        }
    }

    private Optional<CpuLimit> limit() throws InterruptedException {
        if (scale.cpus().isEmpty()) {
            return Optional.empty();
        }
        CpuLimit limit = CpuLimit.of(scale.cpus().get(), random);
        progress.step("  the nodes have " + limit.description());
        return Optional.of(limit);
    }

    private static List<GridPlace> limited(List<GridPlace> places, Optional<CpuLimit> limit) {
        return limit.map(cpus -> places.stream()
                        .map(place -> place.behind(cpus.through()))
                        .toList())
                .orElse(places);
    }

    private void joinsAndLeaves(Contender contender, String where, ContenderRun run, Consumer<StateSample> each)
            throws InterruptedException {
        for (int round = 1; round <= scale.rounds(); round++) {
            StateSample sample = run.round();
            each.accept(sample);
            tell(where + ", round " + round, contender, sample);
        }
    }

    private void cycles(Contender contender, String where, ContenderRun run, Consumer<CycleSample> each)
            throws InterruptedException {
        run.joinFourth();
        for (int round = 1; round <= scale.rounds(); round++) {
            CycleSample sample = run.cycle();
            each.accept(sample);
            tell(where + ", round " + round, sample);
        }
    }

    private void tell(String what, CycleSample sample) {
        progress.step(String.format(
                "%s: left in %.1f s, in the view %.1f s later, joined %.1f s after that; %.0f MB, %d failed, %d lost",
                what,
                sample.leave().seconds(),
                sample.start().seconds(),
                sample.join().seconds(),
                sample.receivedMb(),
                sample.failed(),
                sample.lost()));
        progress.step("  quiet: " + sample.quiet().trips());
        progress.step("  leave: " + sample.leave().users().trips());
        progress.step("  start: " + sample.start().users().trips());
        progress.step("  join:  " + sample.join().users().trips());
    }

    private void tell(String what, Contender contender, StateSample sample) {
        progress.step(String.format(
                "%s: joined %.1f s after its view (%.1f s after its start, %.0f MB), left in %.1f s (%.0f"
                        + " MB), %d failed, %d lost",
                what,
                sample.join().seconds(),
                sample.startSeconds() + sample.join().seconds(),
                sample.join().receivedMb(),
                sample.leave().seconds(),
                sample.leave().receivedMb(),
                sample.failed(),
                sample.lost()));
        progress.step("  quiet: " + sample.quiet().trips());
        progress.step("  start: " + sample.start().trips());
        progress.step("  join:  " + sample.join().users().trips());
        progress.step("  leave: " + sample.leave().users().trips());
        if (contender == Contender.EVENKEEL) {
            progress.step("  STATE_FC, join:  " + sample.join().pacing());
            progress.step("  STATE_FC, leave: " + sample.leave().pacing());
        }
    }
}
