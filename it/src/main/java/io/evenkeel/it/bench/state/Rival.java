package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Named;
import io.evenkeel.it.bench.worker.KeyFiles;
import io.evenkeel.it.bench.worker.StackXml;
import java.util.Optional;

/** A stack and a size of chunk, as users may have them. */
public enum Rival implements Named {
    STOCK("stock", 512),
    /** What anybody can set in one line. */
    CHUNK_64("chunk-64", 64),
    CHUNK_16("chunk-16", 16),
    EVENKEEL("evenkeel", 256);

    private final String label;
    private final int chunkEntries;

    Rival(String label, int chunkEntries) {
        this.label = label;
        this.chunkEntries = chunkEntries;
    }

    @Override
    public String label() {
        return label;
    }

    int chunkEntries() {
        return chunkEntries;
    }

    /** Infinispan's own tcp stack or Evenkeel's; with mutual TLS if there are keys, in clear otherwise. */
    StackXml stack(Optional<KeyFiles> keys) {
        if (this == EVENKEEL) {
            return keys.map(files -> StackXml.evenkeel(files.attributes())).orElseGet(StackXml::evenkeelInClear);
        }
        return keys.map(files -> StackXml.stock(files.attributes())).orElseGet(StackXml::stockInClear);
    }
}
