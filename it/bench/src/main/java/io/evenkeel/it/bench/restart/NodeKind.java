package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.NodeConfig;
import java.util.function.UnaryOperator;

/**
 * The common part of a cluster's nodes.
 *
 * @param label the beginning of the nodes' names
 * @param home with the provider that fills the cluster, see {@link ProviderJar}
 * @param stack for {@code --cache-stack} at the first start
 * @param change of the configuration that each node gets
 */
record NodeKind(String label, HomeSpec home, String stack, UnaryOperator<NodeConfig> change) {}
