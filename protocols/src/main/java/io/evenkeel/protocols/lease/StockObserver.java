package io.evenkeel.protocols.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells which rows of stock's table belong to members that run.
 *
 * <p>Stock's coordinator writes all rows anew every 30 to 45 s, and the row of a crashed member stays for ever. So a
 * row counts for {@link #LIVE_MS} after it was seen to change. The time in it comes from the clock of a node, which may
 * be years off: it only makes a row that was there before us count until its first rewriting is due, so that a starting
 * member does not take 45 s to notice a running stock cluster.
 *
 * <p>Single writer, not thread-safe.
 */
public final class StockObserver {
    /** Greatest time between two rewritings (45 s), two reads, and some delay of both. */
    static final long LIVE_MS = 70_000;

    /** Stock's own readers ignore older rows. */
    static final long RECENT_MS = 60_000;

    /** A rewriting may be missed between reads that are further apart. */
    static final long MAX_READ_GAP_MS = 30_000;

    private final String ownPhysicalAddress;
    private Map<String, Sight> sights = new HashMap<>();
    private boolean readBefore;
    private long lastReadNs;

    /**
     * Has seen nothing yet.
     *
     * @param ownPhysicalAddress where this member listens, so that no living stock member does
     */
    public StockObserver(String ownPhysicalAddress) {
        this.ownPhysicalAddress = ownPhysicalAddress;
    }

    /**
     * Takes in the rows of the own cluster.
     *
     * @param nowNs when they were read, by a monotonic clock
     * @return the members that run
     */
    public List<StockRow> observe(List<StockRow> rows, long nowNs) {
        boolean continued = readBefore && nowNs - lastReadNs <= TimeUnit.MILLISECONDS.toNanos(MAX_READ_GAP_MS);
        Map<String, Sight> former = sights;
        sights = new HashMap<>();
        List<StockRow> live = new ArrayList<>();
        for (StockRow row : rows) {
            Sight sight = sight(row, former.get(row.address()), continued, nowNs);
            sights.put(row.address(), sight);
            if (sight.live) {
                live.add(row);
            }
        }
        readBefore = true;
        lastReadNs = nowNs;
        return List.copyOf(live);
    }

    private Sight sight(StockRow row, @Nullable Sight former, boolean continued, long nowNs) {
        if (former == null) {
            return new Sight(row.content(), nowNs, readBefore || recent(row));
        }
        if (!former.content.equals(row.content())) {
            return new Sight(row.content(), nowNs, true);
        }
        if (!former.live) {
            return former;
        }
        return continued
                ? new Sight(
                        former.content,
                        former.sinceNs,
                        nowNs - former.sinceNs <= TimeUnit.MILLISECONDS.toNanos(LIVE_MS))
                : new Sight(former.content, nowNs, true);
    }

    /** A row at our own address was left by what ran there before, unless it is written anew. */
    private boolean recent(StockRow row) {
        return row.ageMs() >= -RECENT_MS
                && row.ageMs() <= RECENT_MS
                && !row.physicalAddress().equals(ownPhysicalAddress);
    }

    /**
     * A row as it was last read.
     *
     * @param sinceNs when this content was first read, or watching it began anew
     */
    private record Sight(String content, long sinceNs, boolean live) {}
}
