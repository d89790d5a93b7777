package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Members that start at the same moment on an empty table, in this process, without TLS. Counted are the rounds in
 * which more than one member created a cluster or a MergeView was seen; a round that has no full view after 60 s counts
 * too, and with 60 s.
 */
final class RaceCase implements Measurement {
    private static final List<Integer> SIZES = List.of(2, 5, 20);
    private static final double NO_VIEW_S = 60;

    private final Lab lab;

    RaceCase(Lab lab) {
        this.lab = lab;
    }

    /** The results of one stack's rounds. */
    private static final class Tally {
        private final List<Double> fullViewS = new ArrayList<>();
        private double splits;
        private double spreadMs;

        double maxS() {
            return fullViewS.stream().max(Double::compare).orElseThrow();
        }
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        lab.reset();
        List<BenchResult> results = new ArrayList<>();
        try (ChannelPeer stock = ChannelPeer.create(lab, Contender.STOCK, "race");
                ChannelPeer evenkeel = ChannelPeer.create(lab, Contender.EVENKEEL, "race")) {
            for (int size : SIZES) {
                Tally stockTally = new Tally();
                Tally ownTally = new Tally();
                for (int round = 1; round <= lab.scale().raceRounds(); round++) {
                    if (round % 10 == 1 || size >= 20) {
                        lab.progress()
                                .step(size + " members at once, round " + round + " of "
                                        + lab.scale().raceRounds());
                    }
                    for (ChannelPeer peer : Measurement.inTurn(List.of(stock, evenkeel), round)) {
                        race(peer, size, peer == stock ? stockTally : ownTally);
                    }
                }
                results.addAll(rows(size, stockTally, ownTally));
            }
        }
        return results;
    }

    private void race(ChannelPeer peer, int size, Tally tally) throws InterruptedException {
        peer.clearTable();
        try (Members members = peer.newMembers(size)) {
            members.connectAtOnce();
            boolean full = members.awaitOneView();
            boolean split = !full || members.founders() != 1 || members.merged();
            double seconds = full ? members.fullViewS(members.firstStartNs()) : NO_VIEW_S;
            if (split) {
                lab.progress()
                        .step(String.format(
                                Locale.ROOT,
                                "%s: %d founders, %s, full view %s",
                                peer.contender().label(),
                                members.founders(),
                                members.merged() ? "merged" : "no MergeView",
                                full ? "after " + seconds + " s" : "never"));
            }
            tally.splits += split ? 1 : 0;
            tally.fullViewS.add(seconds);
            tally.spreadMs = Math.max(tally.spreadMs, members.spreadMs());
        }
    }

    private List<BenchResult> rows(int size, Tally stock, Tally own) {
        String what = size + " members at once on an empty table: ";
        String spread = String.format(
                Locale.ROOT,
                "%d rounds, the starts at most %.1f ms apart (stock) and %.1f ms (evenkeel)",
                own.fullViewS.size(),
                stock.spreadMs,
                own.spreadMs);
        return List.of(
                new BenchResult(
                                new BenchCase(
                                        what + "rounds with several founders or a MergeView, of "
                                                + own.fullViewS.size(),
                                        "rounds",
                                        Goal.atMost(0)),
                                List.of(stock.splits),
                                List.of(own.splits))
                        .withNote(spread),
                new BenchResult(
                        new BenchCase(what + "median time to the full view", "s", Goal.none()),
                        stock.fullViewS,
                        own.fullViewS),
                new BenchResult(
                        new BenchCase(what + "longest time to the full view", "s", Goal.none()),
                        List.of(stock.maxS()),
                        List.of(own.maxS())));
    }
}
