package io.evenkeel.stacks.infinispan;

/**
 * The end of each chunk of state of one transfer, by bytes.
 *
 * <p>Infinispan counts entries, but what costs is bytes. It marshals a chunk into an array that doubles as it grows,
 * and an array of more than half of a region is humongous in G1: it takes regions of its own. Small chunks, on the
 * other hand, are waited for one by one. The smallest region has 1 MiB, so an array of 512 KiB and its header is
 * humongous somewhere, and a chunk below 256 KiB never makes one. Larger regions would allow for larger chunks, but
 * those gain nothing, as STATE_FC sends parts.
 *
 * <p>Entries are measured by marshalling them once more; so only some of them are, and the others count as the mean of
 * those.
 *
 * <p>For one thread at a time.
 */
final class ChunkBudget {
    /** The smallest payload that can need an array above half of the smallest region. */
    static final int HUMONGOUS_PAYLOAD_BYTES = 256 * 1024;

    /** An eighth less, as entries that are not measured may be larger than the mean. */
    static final int TARGET_BYTES = HUMONGOUS_PAYLOAD_BYTES / 8 * 7;

    /** The most tiny entries, or ends of empty segments, that are applied at once. */
    static final int MAX_ITEMS = 4_096;

    /** Of the first entries of a transfer each is measured, then one in so many bytes. */
    static final int FIRST_MEASURED = 32;

    static final int MEASURED_EVERY_BYTES = 8 * 1024;

    private long entries;
    private long measured;
    private long measuredBytes;
    private long unmeasuredBytes;
    private int items;
    private long chunkBytes;

    /** True if the next entry is to be measured. */
    boolean wantsSize() {
        return entries < FIRST_MEASURED || unmeasuredBytes + meanBytes() > MEASURED_EVERY_BYTES;
    }

    /** Adds an entry that was measured. */
    void addEntry(int bytes) {
        measured++;
        measuredBytes += bytes;
        unmeasuredBytes = 0;
        add(bytes);
    }

    /** Adds an entry that was not measured: the first one always is. */
    void addEntry() {
        unmeasuredBytes += meanBytes();
        add(meanBytes());
    }

    private void add(long bytes) {
        entries++;
        items++;
        chunkBytes += bytes;
    }

    /** Adds the end of a segment, which is a few bytes. */
    void addSegmentEnd() {
        items++;
    }

    /** True if the chunk ends here: another entry would be too much. The next chunk begins with that. */
    boolean endsChunk() {
        if (items < MAX_ITEMS && chunkBytes + meanBytes() <= TARGET_BYTES) {
            return false;
        }
        items = 0;
        chunkBytes = 0;
        return true;
    }

    private long meanBytes() {
        return measured == 0 ? 0 : measuredBytes / measured;
    }
}
