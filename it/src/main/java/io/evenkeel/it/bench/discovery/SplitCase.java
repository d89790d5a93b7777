package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Five members in this process; a switch above the transport discards what the other side sends. The sides hold for 5 to 8 seconds
 * after each has its own view, then the switch is turned back: the time until the last member has the view of five. On both stacks
 * FD_ALL3 is set to 4 s, which makes the split seen sooner and has no part in the merge.
 */
final class SplitCase implements DiscoveryCase.Measurement {
    private static final BenchCase CASE =
            new BenchCase("5 JGroups members split into 3 and 2, healed: until one view of 5", "s", Goal.atMost(5));
    private static final int MEMBERS = 5;
    private static final Duration HOLD = Duration.ofSeconds(5);
    private static final int MORE_MS = 3000;

    private final Lab lab;
    private final Map<StackKind, List<Double>> samples = new HashMap<>();

    SplitCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        lab.reset();
        try (ChannelPeer stock = ChannelPeer.create(lab, StackKind.STOCK, "split");
                ChannelPeer evenkeel = ChannelPeer.create(lab, StackKind.EVENKEEL, "split")) {
            for (int round = 1; round <= lab.scale().rounds(); round++) {
                List<ChannelPeer> order = round % 2 == 1 ? List.of(stock, evenkeel) : List.of(evenkeel, stock);
                for (ChannelPeer peer : order) {
                    sample(peer, round);
                }
            }
        }
        return List.of(RestartCase.result(CASE, samples));
    }

    /** The first member coordinates; it is on the side of three and on the side of two in turn. */
    private void sample(ChannelPeer peer, int round) throws InterruptedException {
        int first = round % 2 == 1 ? 3 : 2;
        peer.clearTable();
        try (Members members = peer.newSplittableMembers(MEMBERS)) {
            members.connectOneByOne();
            lab.progress().step(peer.kind().label() + ": splitting, the coordinator on the side of " + first);
            members.split(first);
            if (!Members.awaitOneView(members.range(0, first))
                    || !Members.awaitOneView(members.range(first, MEMBERS))) {
                throw new RunException("The members of " + peer.kind().label() + " did not split.");
            }
            Waits.until(() -> false, HOLD.plusMillis(lab.random().nextInt(MORE_MS)));
            long healedNs = System.nanoTime();
            members.heal();
            if (!members.awaitOneView()) {
                throw new RunException("The members of " + peer.kind().label() + " did not merge within 60 s.");
            }
            double seconds = members.fullViewS(healedNs);
            lab.progress().step(peer.kind().label() + ": one view " + seconds + " s after the heal");
            samples.computeIfAbsent(peer.kind(), kind -> new ArrayList<>()).add(seconds);
        }
    }
}
