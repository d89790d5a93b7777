package io.evenkeel.it.bench;

import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.member.StackXml;
import java.util.List;
import java.util.Optional;

/** A setup as users may have it, by which Evenkeel is measured. */
public enum Contender implements Named {
    STOCK("stock", 512),
    /** One line of configuration beside stock. */
    CHUNK_64("chunk-64", 64),
    CHUNK_16("chunk-16", 16),
    /** It chooses the size of its chunks itself. */
    EVENKEEL("evenkeel", 0);

    /** The two that most benchmarks compare. */
    public static final List<Contender> STOCK_AND_EVENKEEL = List.of(STOCK, EVENKEEL);

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

    /** Keycloak's {@code --cache-stack}. */
    public String cacheStack() {
        return isEvenkeel() ? "evenkeel-jdbc" : "jdbc-ping";
    }

    /** Without Keycloak: Infinispan's own tcp stack or Evenkeel's; in clear if there are no keys. */
    public StackXml stack(Optional<KeyFiles> keys) {
        if (isEvenkeel()) {
            return keys.map(files -> StackXml.evenkeel(files.attributes())).orElseGet(StackXml::evenkeelInClear);
        }
        return keys.map(files -> StackXml.stock(files.attributes())).orElseGet(StackXml::stockInClear);
    }
}
