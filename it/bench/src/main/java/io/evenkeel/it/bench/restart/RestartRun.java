package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import java.time.Duration;
import java.time.LocalDateTime;
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
    private final List<Restart> restarts = new ArrayList<>();
    private double quietBytesPerS;
    private long logins;
    private SessionCluster.Count there;

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
        logins = load.logins().shut();
        there = cluster.count(cluster.node(0));
        load.logins().open();
        progress.step("Load in quiet, beside " + there);
        long beginNs = System.nanoTime();
        quiet(beginNs);
        progress.step("Load beside the start of an unrelated Keycloak");
        windows.add(control.boot());
        sleep(scale.pause());
        for (KeycloakNode node : scale.order().of(cluster.nodes())) {
            long readyNs = restart(node, load).readyNs();
            sleep(scale.pause());
            windows.add(new Window(Phase.FRESH, readyNs, System.nanoTime(), Optional.of(node.name()), Double.NaN));
        }
        load.stop();
        return new Recording(
                beginNs,
                System.nanoTime(),
                load.samples(),
                windows,
                restarts,
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

    private Restart restart(KeycloakNode node, UserLoad load) throws InterruptedException {
        progress.step("Restarting " + node.name());
        load.takeOut(node);
        List<KeycloakNode> staying =
                cluster.nodes().stream().filter(other -> other != node).toList();
        long receivedBefore = cluster.receivedBytes(staying);
        long stopNs = System.nanoTime();
        boolean graceful = node.stop();
        long stoppedNs = System.nanoTime();
        CpuMeter cpu = new CpuMeter(stoppedNs);
        node.start();
        SessionCluster.awaitReady(node, cpu);
        long readyNs = System.nanoTime();
        load.putIn(node);
        cluster.awaitSettled(node, cpu);
        // The restarted node's counters began with its start.
        long receivedBytes = cluster.receivedBytes(cluster.nodes()) - receivedBefore;
        long joinNs = clock.nsOf(channelStart(node));
        List<Long> finishedNs = cluster.rebalancesFinished().stream()
                .map(clock::nsOf)
                .filter(ns -> ns >= stopNs)
                .toList();
        RestartTimes times = new RestartTimes(node.name(), stopNs, stoppedNs, joinNs, readyNs, finishedNs);
        windows.addAll(times.windows(cpu));
        Restart restart = counted(times, node, load, graceful, receivedBytes);
        restarts.add(restart);
        return restart;
    }

    private static LocalDateTime channelStart(KeycloakNode node) {
        return ClusterLog.channelStart(node.log().lines())
                .orElseThrow(() -> new RunException("The log of " + node.name() + " does not show a channel start."));
    }

    private Restart counted(RestartTimes times, KeycloakNode node, UserLoad load, boolean graceful, long receivedBytes)
            throws InterruptedException {
        long loginsNow = load.logins().shut();
        SessionCluster.Count now = cluster.count(node);
        load.logins().open();
        long more = loginsNow - logins;
        Restart restart = new Restart(
                node.name(),
                times.stopNs(),
                times.readyNs(),
                times.settledNs(),
                there.sessions() + more - now.sessions(),
                there.clientSessions() + more - now.clientSessions(),
                graceful,
                receivedBytes);
        there = now;
        logins = loginsNow;
        progress.step(String.format(
                "%s was ready after %.1f s, settled after %.1f s; %d sessions lost, %.0f MB between the nodes",
                node.name(), restart.stopToReadyS(), restart.stopToSettledS(), restart.lost(), restart.receivedMb()));
        return restart;
    }

    /** The length of a measurement, not the wait for a condition. */
    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}
