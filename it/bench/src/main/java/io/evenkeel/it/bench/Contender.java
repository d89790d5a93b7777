package io.evenkeel.it.bench;

/** A setup as users may have it, by which state transfer is compared. */
public enum Contender implements Named {
    STOCK("stock", 512),
    /** One line of configuration beside stock. */
    CHUNK_64("chunk-64", 64),
    CHUNK_16("chunk-16", 16),
    /** It chooses the size of its chunks itself. */
    EVENKEEL("evenkeel", 0);

    private final String label;
    private final int chunkEntries;

    Contender(String label, int chunkEntries) {
        this.label = label;
        this.chunkEntries = chunkEntries;
    }

    @Override
    public String label() {
        return label;
    }

    /** The chunk-size to configure, in entries; 0 for none. */
    public int chunkEntries() {
        return chunkEntries;
    }

    public boolean isEvenkeel() {
        return this == EVENKEEL;
    }
}
