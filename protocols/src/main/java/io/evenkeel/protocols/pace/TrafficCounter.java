package io.evenkeel.protocols.pace;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Messages and payload bytes of one direction, by kind of traffic.
 *
 * <p>Safe for any number of writers and readers; a reader may see a message before its bytes.
 */
public final class TrafficCounter {
    // Filled here and never changed again, so that threads may read it without a lock.
    private final Map<Traffic, Count> counts = new EnumMap<>(Traffic.class);

    public TrafficCounter() {
        for (Traffic kind : Traffic.values()) {
            counts.put(kind, new Count());
        }
    }

    /**
     * Counts one message.
     *
     * @param payloadBytes length of the payload without headers, 0 or more
     */
    public void add(Traffic kind, long payloadBytes) {
        Count count = counts.get(kind);
        count.messages.increment();
        count.bytes.add(payloadBytes);
    }

    public long messages(Traffic kind) {
        return counts.get(kind).messages.sum();
    }

    public long bytes(Traffic kind) {
        return counts.get(kind).bytes.sum();
    }

    /** Messages of all kinds of bulk. */
    public long bulkMessages() {
        long sum = 0;
        for (Traffic kind : counts.keySet()) {
            sum += kind.isBulk() ? messages(kind) : 0;
        }
        return sum;
    }

    /** Payload bytes of all kinds of bulk. */
    public long bulkBytes() {
        long sum = 0;
        for (Traffic kind : counts.keySet()) {
            sum += kind.isBulk() ? bytes(kind) : 0;
        }
        return sum;
    }

    /** Starts over from zero; what is added meanwhile may be lost. */
    public void reset() {
        for (Count count : counts.values()) {
            count.messages.reset();
            count.bytes.reset();
        }
    }

    private static final class Count {
        private final LongAdder messages = new LongAdder();
        private final LongAdder bytes = new LongAdder();
    }
}
