/** Infinispan nodes as workers of benchmarks: distributed caches under a steady load. */
package io.evenkeel.it.bench.grid;
