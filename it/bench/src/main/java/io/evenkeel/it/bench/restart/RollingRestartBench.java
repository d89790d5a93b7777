package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.CpuLimit;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Rolling restarts of real Keycloak clusters under load, one cluster at a time: each round has a new one of each
 * contender, on an empty database. A run that fails is told of and does not cost the others.
 */
public final class RollingRestartBench {
    private static final double S_PER_MIN = 60;

    private final Sandbox sandbox;
    private final RestartScale scale;
    private final Optional<Path> evidence;
    private final Progress progress;
    private final SecureRandom random = new SecureRandom();
    private final Map<Contender, List<Recording>> recordings = new EnumMap<>(Contender.class);
    private int failedRuns;

    /**
     * Nothing is started yet.
     *
     * @param evidence the directory for the collections' logs, recordings of the Flight Recorder and dumps of threads;
     *     empty for none
     */
    public RollingRestartBench(Sandbox sandbox, RestartScale scale, Optional<Path> evidence, Progress progress) {
        this.sandbox = sandbox;
        this.scale = scale;
        this.evidence = evidence;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param afterRun is given the table so far
     */
    public BenchTable run(Consumer<BenchTable> afterRun) throws InterruptedException {
        List<RestartSchedule.Run> runs =
                RestartSchedule.of(scale.contenders(), scale.rounds()).runs();
        progress.step(scale.conditions());
        tellRest(runs.size(), scale.estimate(CpuLimit.available()));
        Optional<CpuLimit> limit = limit();
        try {
            measureAll(runs, limit, afterRun);
        } finally {
            // After all nodes have ended.
            limit.ifPresent(CpuLimit::close);
        }
        return table();
    }

    private void measureAll(List<RestartSchedule.Run> runs, Optional<CpuLimit> limit, Consumer<BenchTable> afterRun)
            throws InterruptedException {
        progress.step("Preparing an unrelated Keycloak");
        long beganNs = System.nanoTime();
        try (ControlNode control = ControlNode.prepare(sandbox, through(limit))) {
            for (int done = 0; done < runs.size(); done++) {
                measure(runs.get(done), limit, control);
                afterRun.accept(table());
                if (done + 1 < runs.size()) {
                    tellRest(runs.size() - done - 1, Duration.ofNanos((System.nanoTime() - beganNs) / (done + 1)));
                }
            }
        }
    }

    private static List<String> through(Optional<CpuLimit> limit) {
        return limit.map(CpuLimit::through).orElse(List.of());
    }

    private void tellRest(int runs, Duration each) {
        progress.step(String.format(
                "%d runs to do, about %.0f min each, %.0f min in all",
                runs, each.toSeconds() / S_PER_MIN, runs * each.toSeconds() / S_PER_MIN));
    }

    /** True if every run could be made. */
    public boolean complete() {
        return failedRuns == 0;
    }

    private BenchTable table() {
        return new RestartReport(scale.contenders(), recordings).table();
    }

    /** Draws the first round of each contender that has one. */
    public void draw(Path svg) {
        SortedMap<Contender, Recording> first = new TreeMap<>();
        recordings.forEach((contender, all) -> first.put(contender, all.get(0)));
        if (!first.isEmpty()) {
            new RestartChart(scale).write(svg, first);
        }
    }

    private void measure(RestartSchedule.Run run, Optional<CpuLimit> limit, ControlNode control)
            throws InterruptedException {
        String name = run.contender().label() + "_" + run.round();
        progress.step("Round " + run.round() + " of " + scale.rounds() + ": "
                + run.contender().label());
        try {
            Recording recording = record(run.contender(), name.replace('-', '_'), limit, control);
            recordings.computeIfAbsent(run.contender(), c -> new ArrayList<>()).add(recording);
        } catch (RunException e) {
            // The figures of hours must not be lost with one of many runs.
            Measurement.tellFailure(name, e, progress);
            failedRuns++;
        }
    }

    private Recording record(Contender contender, String name, Optional<CpuLimit> limit, ControlNode control)
            throws InterruptedException {
        Diagnostics diagnostics = Diagnostics.create(name, sandbox.dir().resolve("evidence"), evidence);
        Optional<Double> throttledBeforeS = limit.flatMap(CpuLimit::throttledS);
        try (SessionCluster cluster = SessionCluster.create(
                sandbox, NodeKind.of(contender, sandbox), name, scale, through(limit), diagnostics)) {
            cluster.startWith(scale.sessions());
            Recording recording = new RestartRun(cluster, control, scale, random, progress).record();
            if (!recording.failed().isEmpty()) {
                cluster.errors().forEach(progress::step);
            }
            limit.flatMap(CpuLimit::throttledS)
                    .ifPresent(s -> progress.step(
                            String.format("%s: throttled for %.0f s in all", name, s - throttledBeforeS.orElse(0.0))));
            return recording;
        }
    }

    private Optional<CpuLimit> limit() throws InterruptedException {
        if (scale.cpus().isEmpty()) {
            return Optional.empty();
        }
        CpuLimit limit = CpuLimit.of(scale.cpus().get(), random);
        progress.step("The nodes have " + limit.description());
        return Optional.of(limit);
    }
}
