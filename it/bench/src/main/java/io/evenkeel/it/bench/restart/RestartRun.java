package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One cluster's run: load in quiet, load beside the start of an unrelated Keycloak, load while each node is restarted.
 * The cluster is started and filled before. One thread uses it.
 */
final class RestartRun {
    private final SessionCluster cluster;
    private final ControlNode control;
    private final RestartScale scale;
    private final RandomGenerator random;
    private final Progress progress;
    private final WallClock clock = WallClock.now();
    private final List<Window> windows = new ArrayList<>();
    private double quietBytesPerS;

    RestartRun(
            SessionCluster cluster,
            ControlNode control,
            RestartScale scale,
            RandomGenerator random,
            Progress progress) {
        this.cluster = cluster;
        this.control = control;
        this.scale = scale;
        this.random = random;
        this.progress = progress;
    }

    Recording record() throws InterruptedException {
        try (UserLoad load = new UserLoad(cluster.realm(), cluster.nodes(), scale.rate(), random)) {
            Optional<SlowRequestWatch> watch = watch(load);
            try {
                return record(load);
            } finally {
                watch.ifPresent(SlowRequestWatch::close);
            }
        }
    }

    private Optional<SlowRequestWatch> watch(UserLoad load) {
        return cluster.diagnostics().kept()
                ? Optional.of(new SlowRequestWatch(
                        load, cluster.nodes(), cluster.diagnostics().dir(), progress))
                : Optional.empty();
    }

    private Recording record(UserLoad load) throws InterruptedException {
        progress.step("Warming up");
        load.start();
        sleep(scale.warmUp());
        load.requireNoFailure();
        LoadedRestarts restarts = LoadedRestarts.of(cluster, load, clock, progress);
        progress.step("Load in quiet");
        long beginNs = System.nanoTime();
        quiet(beginNs);
        progress.step("Load beside the start of an unrelated Keycloak");
        windows.add(control.boot());
        sleep(scale.pause());
        for (KeycloakNode node : scale.order().of(cluster.nodes())) {
            long readyNs = restarts.restart(node).readyNs();
            sleep(scale.pause());
            windows.add(new Window(Phase.FRESH, readyNs, System.nanoTime(), Optional.of(node.name()), Double.NaN));
        }
        load.stop();
        windows.addAll(restarts.windows());
        return new Recording(
                beginNs,
                System.nanoTime(),
                load.samples(),
                windows,
                restarts.done(),
                cluster.diagnostics().pauses(cluster.nodes(), clock),
                quietBytesPerS);
    }

    private void quiet(long beginNs) throws InterruptedException {
        long before = cluster.receivedBytes(cluster.nodes());
        sleep(scale.quiet());
        Window quiet = new Window(Phase.QUIET, beginNs, System.nanoTime(), Optional.empty(), Double.NaN);
        quietBytesPerS = (cluster.receivedBytes(cluster.nodes()) - before) / quiet.seconds();
        windows.add(quiet);
    }

    /** The length of a measurement, not the wait for a condition. */
    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}
