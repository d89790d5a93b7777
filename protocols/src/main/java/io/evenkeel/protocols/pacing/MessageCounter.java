package io.evenkeel.protocols.pacing;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Messages and payload bytes by kind.
 *
 * <p>Safe for any number of writers and readers; a reader may see a message before its bytes.
 *
 * @param <K> the kinds
 */
public class MessageCounter<K extends Enum<K>> {
    // Filled here and never changed again, so that threads may read it without a lock.
    private final Map<K, Count> counts;

    MessageCounter(Class<K> kinds) {
        counts = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            counts.put(kind, new Count());
        }
    }

    /**
     * Counts one message.
     *
     * @param payloadBytes length of the payload without headers, 0 or more
     */
    public final void add(K kind, long payloadBytes) {
        Count count = count(kind);
        count.messages.increment();
        count.bytes.add(payloadBytes);
    }

    private Count count(K kind) {
        return Objects.requireNonNull(counts.get(kind));
    }

    public final long messages(K kind) {
        return count(kind).messages.sum();
    }

    public final long bytes(K kind) {
        return count(kind).bytes.sum();
    }

    /** Starts over from zero; what is added meanwhile may be lost. */
    public final void reset() {
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
