package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Refusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counters of the transport. Safe for threads. */
public final class WireStats {
    public final LongAdder framesSent = new LongAdder();
    public final LongAdder bytesSent = new LongAdder();
    public final LongAdder framesReceived = new LongAdder();
    public final LongAdder bytesReceived = new LongAdder();
    public final LongAdder framesDropped = new LongAdder();
    public final LongAdder handshakesOk = new LongAdder();
    public final LongAdder connectsFailed = new LongAdder();
    public final LongAdder reconnects = new LongAdder();
    public final LongAdder suspects = new LongAdder();
    public final LongAdder suspectsRefused = new LongAdder();
    public final LongAdder linesHeldBack = new LongAdder();
    public final AtomicInteger openConnections = new AtomicInteger();
    public final AtomicInteger pendingHandshakes = new AtomicInteger();
    private final Map<Refusal.Reason, LongAdder> refused = new EnumMap<>(Refusal.Reason.class);

    public WireStats() {
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    public LongAdder refused(Refusal.Reason reason) {
        return refused.get(reason);
    }

    /** All refusals that are not part of ordinary life. */
    public long handshakesRefused() {
        long sum = 0;
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            sum += reason.harmless() ? 0 : refused.get(reason).sum();
        }
        return sum;
    }

    /** Those reasons that have occurred, with how often. */
    public String refusalsByReason() {
        return refused.entrySet().stream()
                .filter(each -> each.getValue().sum() > 0)
                .map(each -> each.getKey() + "=" + each.getValue().sum())
                .collect(Collectors.joining(", "));
    }

    public void reset() {
        refused.values().forEach(LongAdder::reset);
        for (LongAdder each : new LongAdder[] {
            framesSent,
            bytesSent,
            framesReceived,
            bytesReceived,
            framesDropped,
            handshakesOk,
            connectsFailed,
            reconnects,
            suspects,
            suspectsRefused,
            linesHeldBack
        }) {
            each.reset();
        }
    }
}
