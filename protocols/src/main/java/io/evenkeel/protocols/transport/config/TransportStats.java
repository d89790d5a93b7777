package io.evenkeel.protocols.transport.config;

import io.evenkeel.protocols.transport.core.Refusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counters of the transport. Safe for threads. */
public final class TransportStats {
    /** The reason for which something was dropped that waited to be sent. */
    public enum Drop {
        /** The peer takes less than it is sent. */
        QUEUE_FULL,
        /** There was no connection, and none could be made. */
        NOT_CONNECTED,
        /** It could not be serialised, or is larger than a frame may be. */
        UNSENDABLE
    }

    public final LongAdder framesSent = new LongAdder();
    public final LongAdder bytesSent = new LongAdder();
    public final LongAdder framesReceived = new LongAdder();
    public final LongAdder bytesReceived = new LongAdder();
    /** Received frames that could not be read. */
    public final LongAdder framesUnreadable = new LongAdder();
    /** Frames dropped for any reason; counted by {@link #dropped(Drop)}. */
    public final LongAdder framesDropped = new LongAdder();

    public final LongAdder handshakesOk = new LongAdder();
    public final LongAdder connectsFailed = new LongAdder();
    public final LongAdder reconnects = new LongAdder();
    public final LongAdder suspects = new LongAdder();
    public final LongAdder doubts = new LongAdder();
    public final LongAdder suspectsRefused = new LongAdder();
    public final LongAdder linesHeldBack = new LongAdder();
    public final LongAdder reloadsOk = new LongAdder();
    public final LongAdder reloadsFailed = new LongAdder();
    public final AtomicInteger openConnections = new AtomicInteger();
    public final AtomicInteger livenessConnections = new AtomicInteger();
    public final AtomicInteger pendingHandshakes = new AtomicInteger();
    private final Map<Refusal.Reason, LongAdder> refused = new EnumMap<>(Refusal.Reason.class);
    private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);

    public TransportStats() {
        for (Drop why : Drop.values()) {
            drops.put(why, new LongAdder());
        }
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    public LongAdder refused(Refusal.Reason reason) {
        return Objects.requireNonNull(refused.get(reason));
    }

    public void dropped(Drop why) {
        adder(why).increment();
        framesDropped.increment();
    }

    private LongAdder adder(Drop why) {
        return Objects.requireNonNull(drops.get(why));
    }

    /** The drops for this reason. */
    public long drops(Drop why) {
        return adder(why).sum();
    }

    /**
     * All refusals that are not part of ordinary life. A host without a certificate is no peer: every member has one,
     * and the TLS checks of balancers have none.
     */
    public long handshakesRefused() {
        long sum = 0;
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            boolean peer = !reason.harmless() && reason != Refusal.Reason.NO_CERTIFICATE;
            sum += peer ? refused(reason).sum() : 0;
        }
        return sum;
    }

    /** The reasons that have occurred, each with its count. */
    public String refusalsByReason() {
        return refused.entrySet().stream()
                .filter(each -> each.getValue().sum() > 0)
                .map(each -> each.getKey() + "=" + each.getValue().sum())
                .collect(Collectors.joining(", "));
    }

    public void reset() {
        refused.values().forEach(LongAdder::reset);
        drops.values().forEach(LongAdder::reset);
        for (LongAdder each : new LongAdder[] {
            framesSent,
            bytesSent,
            framesReceived,
            bytesReceived,
            framesUnreadable,
            framesDropped,
            handshakesOk,
            connectsFailed,
            reconnects,
            suspects,
            doubts,
            suspectsRefused,
            linesHeldBack,
            reloadsOk,
            reloadsFailed
        }) {
            each.reset();
        }
    }
}
