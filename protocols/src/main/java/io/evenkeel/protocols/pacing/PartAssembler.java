package io.evenkeel.protocols.pacing;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jspecify.annotations.Nullable;

/**
 * Puts parts together again, whatever order they come in.
 *
 * <p>The layer below loses and repeats nothing between members of a view, so each byte comes once. Unfinished messages
 * of a member that is gone are dropped. Where only one of two members lost sight of the other for a while, the rest of
 * a message never comes: a message that got no part for longer than any sender waits is dropped.
 *
 * <p>Called by many threads at once.
 */
public final class PartAssembler {
    /** The largest message that is sent in parts; larger announced totals are rejected. */
    static final int MAX_TOTAL_BYTES = 64 << 20;

    /** Longer than a sender may hold a part back, {@code max_wait} at its limit, and the layer below needs for it. */
    public static final long ABANDONED_NS = TimeUnit.SECONDS.toNanos(90);

    private final Map<Key, Assembly> assemblies = new ConcurrentHashMap<>();
    private final LongSupplier clock;

    private record Key(Address sender, long number) {}

    /**
     * Starts empty.
     *
     * @param clock monotonic, in nanoseconds
     */
    public PartAssembler(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Takes a part.
     *
     * @return the whole message if this was the last part of it, else null
     * @throws IllegalArgumentException if the part does not fit into its message
     */
    public @Nullable Message add(Address sender, Message part, PacingHeader header, short protocolId) {
        int length = part.getLength();
        int total = header.totalBytes();
        if (total > MAX_TOTAL_BYTES || header.offsetBytes() < 0 || (long) header.offsetBytes() + length > total) {
            throw new IllegalArgumentException(String.format(
                    "%s sent a part that does not fit: %d bytes at %d of %d, at most %d",
                    sender, length, header.offsetBytes(), total, MAX_TOTAL_BYTES));
        }
        if (length == total) {
            return whole(
                    withoutHeader(part, protocolId).setArray(part.getArray(), part.getOffset(), length),
                    sender,
                    header);
        }
        Key key = new Key(sender, header.number());
        Assembly assembly = assemblies.get(key);
        if (assembly == null) {
            dropAbandoned();
            assembly = assemblies.computeIfAbsent(key, absent -> new Assembly(total));
        }
        Message whole = assembly.add(part, header, protocolId, clock.getAsLong());
        if (whole != null) {
            assemblies.remove(key);
            whole(whole, sender, header);
        }
        return whole;
    }

    private static Message whole(Message message, Address sender, PacingHeader header) {
        message.setSrc(sender);
        return header.noFlowControl() ? message : message.clearFlag(Message.Flag.NO_FC);
    }

    /** A message that is sent on must not look like a part. */
    private static Message withoutHeader(Message part, short protocolId) {
        Message copy = part.copy(false, false);
        part.getHeaders().forEach((id, header) -> {
            if (id != protocolId) {
                copy.putHeader(id, header);
            }
        });
        return copy;
    }

    /** Forgets what senders have begun that are not among these. */
    public void retain(Collection<Address> members) {
        assemblies.keySet().removeIf(key -> !members.contains(key.sender()));
        dropAbandoned();
    }

    /**
     * Forgets what got no part for {@link #ABANDONED_NS}; the last that a member sent may come after the view without
     * it.
     */
    public void dropAbandoned() {
        long nowNs = clock.getAsLong();
        assemblies.values().removeIf(each -> nowNs - each.lastPartNs >= ABANDONED_NS);
    }

    public void clear() {
        assemblies.clear();
    }

    public int unfinished() {
        return assemblies.size();
    }

    public int unfinishedFrom(Address sender) {
        return (int) assemblies.keySet().stream()
                .filter(key -> key.sender().equals(sender))
                .count();
    }

    private final class Assembly {
        private final byte[] payload;
        private @Nullable Message first;
        private int missingBytes;
        private volatile long lastPartNs = clock.getAsLong();

        Assembly(int totalBytes) {
            payload = new byte[totalBytes];
            missingBytes = totalBytes;
        }

        synchronized @Nullable Message add(Message part, PacingHeader header, short protocolId, long nowNs) {
            lastPartNs = nowNs;
            if (header.totalBytes() != payload.length) {
                throw new IllegalArgumentException(
                        part.getSrc() + " sent parts of one message that disagree on its size: " + payload.length
                                + " and " + header.totalBytes());
            }
            System.arraycopy(part.getArray(), part.getOffset(), payload, header.offsetBytes(), part.getLength());
            missingBytes -= part.getLength();
            if (header.offsetBytes() == 0) {
                first = withoutHeader(part, protocolId);
            }
            return missingBytes == 0 ? Objects.requireNonNull(first).setArray(payload, 0, payload.length) : null;
        }
    }
}
