/**
 * The benchmark of state transfer: a node joins and leaves a loaded Infinispan grid, on stock with several sizes of
 * chunk and on Evenkeel.
 */
package io.evenkeel.it.bench.state;
