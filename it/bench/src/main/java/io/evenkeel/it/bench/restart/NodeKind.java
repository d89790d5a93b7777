package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.restart.provider.ChunkSizeFactory;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Sandbox;
import java.util.function.UnaryOperator;

/**
 * The common part of a cluster's nodes.
 *
 * @param label the beginning of the nodes' names
 * @param home with the provider that fills the cluster, see {@link ProviderJar}
 * @param stack for {@code --cache-stack} at the first start
 * @param change of the configuration that each node gets
 */
record NodeKind(String label, HomeSpec home, String stack, UnaryOperator<NodeConfig> change) {
    /** A contender's nodes; their provider is written into the sandbox's directory. */
    static NodeKind of(Contender contender, Sandbox sandbox) {
        String stack = contender.cacheStack();
        HomeSpec home = sandbox.specFor(stack);
        if (contender.isEvenkeel()) {
            // It chooses its chunks itself.
            return new NodeKind(
                    contender.label(), home.withProvider(ProviderJar.writeTo(sandbox.dir())), stack, config -> config);
        }
        String chunkSize = ChunkSizeFactory.OPTION + "=" + contender.chunkEntries();
        return new NodeKind(
                contender.label(),
                home.withProvider(ProviderJar.writeWithChunkSizeTo(sandbox.dir())),
                stack,
                config -> config.withOption(chunkSize));
    }
}
