package io.evenkeel.protocols.lease;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The probes of the rows' physical addresses: when each was asked over the wire, and the last answer. Bounded by the
 * rows of the table and by {@link #MAX_PENDING} questions at a time.
 *
 * <p>Single writer, not thread-safe.
 */
public final class PeerProbes {
    /** Questions under way at a time; each may cost a TLS handshake. */
    public static final int MAX_PENDING = 16;

    private static final long ASK_AGAIN_MS = 1000;

    /** An answer says something about the wire as it was just now: long enough for the next question to be answered. */
    static final long GOOD_FOR_MS = 3000;

    private final Map<String, Entry> entries = new HashMap<>();
    private int pending;

    /** True if the row should be asked now: never asked, or its answer is old, and no question is under way. */
    public boolean due(LeaseRow row, long nowNs) {
        if (pending >= MAX_PENDING) {
            return false;
        }
        Entry entry = entry(row);
        return entry == null || (!entry.pending && nowNs - entry.atNs >= TimeUnit.MILLISECONDS.toNanos(ASK_AGAIN_MS));
    }

    /** A question is under way. */
    public void asked(LeaseRow row, long nowNs) {
        Entry entry = entry(row);
        if (entry == null) {
            entry = new Entry(row.incarnation());
            Entry former = entries.put(row.address(), entry);
            if (former != null && former.pending) {
                pending--;
            }
        }
        if (!entry.pending) {
            pending++;
        }
        entry.pending = true;
        entry.atNs = nowNs;
    }

    /** The question was answered, or given up. */
    public void answered(LeaseRow row, ProbeVerdict verdict, long nowNs) {
        Entry entry = entry(row);
        if (entry == null || !entry.pending) {
            return;
        }
        pending--;
        entry.pending = false;
        entry.verdict = verdict;
        entry.atNs = nowNs;
    }

    /** The number of questions under way. */
    int pending() {
        return pending;
    }

    /** The last verdict on the row's incarnation. */
    public ProbeVerdict verdict(LeaseRow row) {
        Entry entry = entry(row);
        return entry == null ? ProbeVerdict.UNASKED : entry.verdict;
    }

    /** Forgets what was answered too long ago and is not being asked again. */
    public void forgetOld(long nowNs) {
        entries.values().stream()
                .filter(e -> !e.pending && nowNs - e.atNs > TimeUnit.MILLISECONDS.toNanos(GOOD_FOR_MS))
                .forEach(e -> e.verdict = ProbeVerdict.UNASKED);
    }

    /** Forgets everything; an answer that is still under way will not be listened to. */
    public void clear() {
        entries.clear();
        pending = 0;
    }

    /** Forgets the rows that have gone. */
    public void retain(Collection<String> addresses) {
        entries.entrySet().removeIf(e -> {
            boolean gone = !addresses.contains(e.getKey());
            if (gone && e.getValue().pending) {
                pending--;
            }
            return gone;
        });
    }

    private @Nullable Entry entry(LeaseRow row) {
        Entry entry = entries.get(row.address());
        return entry != null && entry.incarnation == row.incarnation() ? entry : null;
    }

    private static final class Entry {
        private final long incarnation;
        private ProbeVerdict verdict = ProbeVerdict.UNASKED;
        private boolean pending;
        private long atNs;

        private Entry(long incarnation) {
            this.incarnation = incarnation;
        }
    }
}
