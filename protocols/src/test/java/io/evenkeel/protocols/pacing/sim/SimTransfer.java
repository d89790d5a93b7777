package io.evenkeel.protocols.pacing.sim;

import io.evenkeel.protocols.pacing.core.BulkFlow;
import io.evenkeel.protocols.pacing.core.Offer;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.Step;
import java.util.EnumSet;
import java.util.TreeMap;

/**
 * State on its way from one donor to one joiner as Infinispan moves it: each stream (cache) has one chunk under way,
 * and the joiner's answer asks for the next.
 */
final class SimTransfer {
    private static final int PROBE_BYTES = 20;
    private static final int ANSWER_BYTES = 50;
    private static final int FRAG4_BYTES = 60_000;
    private static final long TICK_NS = Units.ms(20);
    private static final long MESSAGE_COST_NS = 10_000;
    private static final Pressure LIE = new Pressure(0, EnumSet.allOf(Pressure.Shortage.class));

    /** A chunk and what of it the joiner has not got. */
    private static final class Chunk {
        final int lengthBytes;
        int missingBytes;

        Chunk(int lengthBytes) {
            this.lengthBytes = lengthBytes;
            missingBytes = lengthBytes;
        }
    }

    /**
     * @param totalBytes to move, over all streams
     * @param makeNsPerByte what a thread of the donor needs for a chunk; only of a host with processors
     * @param applyNsPerByte what the joiner needs: its processor for each part, or a thread for a chunk where it has
     *     processors
     * @param lossOfProbes share of the probes that are messages of their own; all others are reliable
     */
    record Load(
            long totalBytes,
            int chunkBytes,
            int streams,
            double makeNsPerByte,
            double applyNsPerByte,
            double lossOfProbes) {}

    /**
     * The yielding of its bulk: not at all, to the cable alone as without a signal of pressure, or to processors too.
     */
    enum Pacing {
        UNPACED,
        MUTE,
        PACED
    }

    private final Simulation simulation;
    private final SimHost donor;
    private final SimHost joiner;
    private final Load load;
    private final BulkFlow<Chunk> flow;
    private final TreeMap<Long, Long> receivedBytes = new TreeMap<>();
    private final boolean paced;
    private final boolean mute;
    private boolean liar;
    private long left;
    private long received;
    private long finishedAtNs = -1;

    SimTransfer(
            Simulation simulation,
            SimHost donor,
            SimHost joiner,
            Load load,
            PacingPolicy policy,
            Pacing pacing,
            long startNs) {
        this.simulation = simulation;
        this.donor = donor;
        this.joiner = joiner;
        this.load = load;
        paced = pacing != Pacing.UNPACED;
        mute = pacing == Pacing.MUTE;
        flow = new BulkFlow<>(policy, 1, startNs);
        left = load.totalBytes();
        receivedBytes.put(0L, 0L);
        simulation.at(startNs, this::start);
    }

    private void start() {
        if (paced) {
            // The peer was asked when it came into the view.
            drain();
            simulation.after(TICK_NS, this::tick);
        }
        for (int i = 0; i < load.streams(); i++) {
            simulation.after(Units.ms(paced ? 5 : 0), this::sendChunk);
        }
    }

    private void sendChunk() {
        if (left == 0) {
            return;
        }
        Chunk chunk = new Chunk((int) Math.min(left, load.chunkBytes()));
        left -= chunk.lengthBytes;
        if (donor.hasProcessors()) {
            long workNs = (long) (chunk.lengthBytes * load.makeNsPerByte());
            donor.handleBulk(joiner, ANSWER_BYTES, workNs, () -> send(chunk));
        } else {
            send(chunk);
        }
    }

    private void send(Chunk chunk) {
        if (paced && flow.offer(chunk, chunk.lengthBytes, true, simulation.nowNs()) == Offer.QUEUED) {
            drain();
        } else {
            sendWhole(chunk);
        }
    }

    private void sendWhole(Chunk chunk) {
        for (int from = 0; from < chunk.lengthBytes; from += FRAG4_BYTES) {
            sendPart(chunk, Math.min(FRAG4_BYTES, chunk.lengthBytes - from), 0);
        }
    }

    private void drain() {
        for (Step<Chunk> step = flow.next(simulation.nowNs()); step != null; step = flow.next(simulation.nowNs())) {
            if (step instanceof Step.Send<Chunk> send && send.why() == Step.Why.UNKNOWN_PEER) {
                sendWhole(send.message());
            } else if (step instanceof Step.Send<Chunk> send) {
                sendPart(send.message(), send.lengthBytes(), send.probe());
            } else if (step instanceof Step.Probe<Chunk> probe) {
                probe(probe.number());
            }
        }
    }

    private void sendPart(Chunk chunk, int bytes, long probe) {
        double applyNsPerByte = joiner.hasProcessors() ? 0 : load.applyNsPerByte();
        long costNs = MESSAGE_COST_NS + (long) (bytes * applyNsPerByte);
        donor.send(joiner, bytes, costNs, false, () -> {
            received += bytes;
            receivedBytes.put(simulation.nowNs(), received);
            if (probe > 0) {
                answer(probe);
            }
            chunk.missingBytes -= bytes;
            if (chunk.missingBytes == 0 && joiner.hasProcessors()) {
                long workNs = (long) (chunk.lengthBytes * load.applyNsPerByte());
                joiner.handleBulk(donor, chunk.lengthBytes, workNs, this::applied);
            } else if (chunk.missingBytes == 0) {
                applied();
            }
        });
    }

    private void applied() {
        joiner.send(donor, ANSWER_BYTES, MESSAGE_COST_NS, false, this::sendChunk);
        if (received == load.totalBytes()) {
            finishedAtNs = simulation.nowNs();
        }
    }

    private void probe(long number) {
        if (lost()) {
            return;
        }
        donor.send(joiner, PROBE_BYTES, MESSAGE_COST_NS, true, () -> answer(number));
    }

    private void answer(long number) {
        Pressure ofJoiner = liar ? LIE : joiner.pressure();
        joiner.send(donor, PROBE_BYTES, MESSAGE_COST_NS, false, () -> {
            if (!mute) {
                flow.setOwnPressure(donor.pressure());
                flow.onPeerPressure(ofJoiner, simulation.nowNs());
            }
            flow.onAnswer(number, simulation.nowNs());
            drain();
        });
    }

    private boolean lost() {
        return load.lossOfProbes() > 0 && simulation.random().nextDouble() < load.lossOfProbes();
    }

    /** From now on the joiner says that it is as short of all as can be. */
    void lie() {
        liar = true;
    }

    private void tick() {
        flow.onTick(simulation.nowNs());
        drain();
        if (finishedAtNs < 0) {
            simulation.after(TICK_NS, this::tick);
        }
    }

    /** -1 if it is not finished. */
    long finishedAtNs() {
        return finishedAtNs;
    }

    long receivedBytes(long fromNs, long toNs) {
        return receivedBytes.floorEntry(toNs).getValue()
                - receivedBytes.floorEntry(fromNs).getValue();
    }

    BulkFlow<?> flow() {
        return flow;
    }
}
