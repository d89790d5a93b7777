package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.worker.KeyFiles;
import io.evenkeel.it.bench.worker.StackXml;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A stack as users have it, with mutual TLS. */
enum Rival {
    /** Infinispan's default, where all members wait in one queue. */
    STOCK("stock, transfer-queue bundler", 512),
    /** JGroups' answer to that. */
    STOCK_PER_DESTINATION("stock, per-destination bundler", 512),
    EVENKEEL("evenkeel", 256);

    private final String label;
    private final int chunkEntries;

    Rival(String label, int chunkEntries) {
        this.label = label;
        this.chunkEntries = chunkEntries;
    }

    String label() {
        return label;
    }

    /** The chunk-size of state transfer that comes with it: Infinispan's default, or what the pack sets in Keycloak. */
    int chunkEntries() {
        return chunkEntries;
    }

    StackXml stack(KeyFiles keys) {
        return switch (this) {
            case STOCK -> StackXml.stock(keys.attributes());
            case STOCK_PER_DESTINATION ->
                StackXml.stock(keys.attributes()).withTransport(Map.of("bundler_type", "per-destination"));
            case EVENKEEL -> StackXml.evenkeel(keys.attributes());
        };
    }

    /** Some of them, another one first in each round. */
    static List<Rival> inTurn(List<Rival> rivals, int round) {
        List<Rival> turned = new ArrayList<>(rivals);
        Collections.rotate(turned, round - 1);
        return turned;
    }
}
