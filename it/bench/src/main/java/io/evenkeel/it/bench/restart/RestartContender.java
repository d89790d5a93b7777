package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.restart.provider.ChunkSizeFactory;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.util.List;

/** A contender on real Keycloak. Evenkeel chooses its chunks itself. */
record RestartContender(Contender contender) {
    private String stack() {
        return contender.isEvenkeel() ? "evenkeel-jdbc" : "jdbc-ping";
    }

    /** Options of {@code kc.sh start}. */
    private List<String> options() {
        return contender.isEvenkeel() ? List.of() : List.of(ChunkSizeFactory.OPTION + "=" + contender.chunkEntries());
    }

    /** Its nodes; their provider is written into the sandbox's directory. */
    NodeKind nodes(Sandbox sandbox) {
        Path provider = contender.isEvenkeel()
                ? ProviderJar.writeTo(sandbox.dir())
                : ProviderJar.writeWithChunkSizeTo(sandbox.dir());
        return new NodeKind(
                contender.label(), sandbox.specFor(stack()).withProvider(provider), stack(), this::withOptions);
    }

    private NodeConfig withOptions(NodeConfig config) {
        NodeConfig changed = config;
        for (String option : options()) {
            changed = changed.withOption(option);
        }
        return changed;
    }

    String title() {
        return contender.isEvenkeel()
                ? "Evenkeel (evenkeel-jdbc)"
                : "Stock (jdbc-ping), chunk-size " + contender.chunkEntries();
    }
}
