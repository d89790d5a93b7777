/** JVMs that benchmarks start and command over standard input and output, and what these have in common. */
package io.evenkeel.it.bench.worker;
