package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.restart.provider.ChunkSizeFactory;
import java.nio.file.Path;
import java.util.List;

/** A contender on real Keycloak. Evenkeel chooses its chunks itself. */
record RestartContender(Contender contender) {
    /** For {@code --cache-stack}. */
    String stack() {
        return contender.isEvenkeel() ? "evenkeel-jdbc" : "jdbc-ping";
    }

    /** Options of {@code kc.sh start}. */
    List<String> options() {
        return contender.isEvenkeel() ? List.of() : List.of(ChunkSizeFactory.OPTION + "=" + contender.chunkEntries());
    }

    /** Writes the provider of its nodes into a directory, and returns the jar. */
    Path provider(Path dir) {
        return contender.isEvenkeel() ? ProviderJar.writeTo(dir) : ProviderJar.writeWithChunkSizeTo(dir);
    }

    String title() {
        return contender.isEvenkeel()
                ? "Evenkeel (evenkeel-jdbc)"
                : "Stock (jdbc-ping), chunk-size " + contender.chunkEntries();
    }
}
