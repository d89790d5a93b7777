package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** Restarts of a cluster's nodes while users work, with a count of the sessions after each. One thread uses it. */
final class LoadedRestarts {
    private final SessionCluster cluster;
    private final UserLoad load;
    private final WallClock clock;
    private final Progress progress;
    private final List<Window> windows = new ArrayList<>();
    private final List<Restart> done = new ArrayList<>();
    private long logins;
    private SessionCluster.Count there;

    private LoadedRestarts(SessionCluster cluster, UserLoad load, WallClock clock, Progress progress) {
        this.cluster = cluster;
        this.load = load;
        this.clock = clock;
        this.progress = progress;
    }

    /** Counts the sessions first. */
    static LoadedRestarts of(SessionCluster cluster, UserLoad load, WallClock clock, Progress progress)
            throws InterruptedException {
        LoadedRestarts restarts = new LoadedRestarts(cluster, load, clock, progress);
        restarts.logins = load.logins().shut();
        restarts.there = cluster.count(cluster.node(0));
        load.logins().open();
        progress.step("There is " + restarts.there);
        return restarts;
    }

    /** Of the restarts so far. */
    List<Window> windows() {
        return List.copyOf(windows);
    }

    List<Restart> done() {
        return List.copyOf(done);
    }

    /** Restarts a node with the configuration that it has by now; on return it is in service and all is settled. */
    Restart restart(KeycloakNode node) throws InterruptedException {
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
        Restart restart = counted(times, node, graceful, receivedBytes);
        done.add(restart);
        return restart;
    }

    private static LocalDateTime channelStart(KeycloakNode node) {
        return ClusterLog.channelStart(node.log().lines())
                .orElseThrow(() -> new RunException("The log of " + node.name() + " does not show a channel start."));
    }

    private Restart counted(RestartTimes times, KeycloakNode node, boolean graceful, long receivedBytes)
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
}
