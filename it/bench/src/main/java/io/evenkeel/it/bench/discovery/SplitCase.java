package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.SplitNetwork;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Three members on one host (a network namespace) and two on another; the router between the two drops what they send
 * each other, while both reach the database. The sides hold for 5 to 8 seconds after each has its own view, then the
 * router forwards again: the time until the last member has the view of five. On both stacks FD_ALL3 is set to 4 s,
 * which makes the split seen sooner and has no part in the merge.
 */
final class SplitCase implements Measurement {
    static final BenchCase CASE =
            new BenchCase("5 JGroups members split into 3 and 2, healed: until one view of 5", "s", Goal.atMost(5));
    private static final Duration HOLD = Duration.ofSeconds(5);
    private static final int MORE_MS = 3000;

    private final Lab lab;

    SplitCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        lab.reset();
        try (ChannelPeer stock = ChannelPeer.create(lab, Contender.STOCK, "split");
                ChannelPeer evenkeel = ChannelPeer.create(lab, Contender.EVENKEEL, "split");
                SplitNetwork network = SplitNetwork.create(lab.random());
                RecordingProxy relay = RecordingProxy.relay(
                        network.hostAddress(), lab.sandbox().postgres().port())) {
            Map<ChannelPeer, List<Double>> samples = Measurement.interleaved(
                    List.of(stock, evenkeel),
                    lab.scale().rounds(),
                    (peer, round) ->
                            seconds(peer, peer.databaseAt(network.hostAddress(), relay.port()), network, round));
            return List.of(new BenchResult(CASE, samples.get(stock), samples.get(evenkeel)));
        }
    }

    /** The first member coordinates; it is on the side of three and on the side of two in turn. */
    private double seconds(ChannelPeer peer, Database database, SplitNetwork network, int round)
            throws InterruptedException {
        List<Integer> hosts = round % 2 == 1 ? List.of(0, 1, 0, 1, 0) : List.of(1, 0, 0, 1, 0);
        peer.clearTable();
        MemberKind kind = MemberKind.of(peer.contender());
        try (SplitCluster cluster = new SplitCluster(kind, kind, network, database)) {
            for (int host : hosts) {
                cluster.connect(host);
            }
            lab.progress()
                    .step(peer.contender().label() + ": splitting, the coordinator on the side of "
                            + (hosts.get(0) == 0 ? 3 : 2));
            network.cut();
            long healedNs;
            try {
                cluster.awaitSplit();
                Waits.until(() -> false, HOLD.plusMillis(lab.random().nextInt(MORE_MS)));
            } finally {
                network.heal();
                healedNs = System.nanoTime();
            }
            cluster.awaitOneView("the members of " + peer.contender().label() + " did not merge");
            double seconds = (cluster.lastViewNs() - healedNs) / 1e9;
            lab.progress().step(peer.contender().label() + ": one view " + seconds + " s after the heal");
            return seconds;
        }
    }
}
