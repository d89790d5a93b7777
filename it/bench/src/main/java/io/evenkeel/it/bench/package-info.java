/** The common form of the benchmarks: the stock peer and Evenkeel in one run, a table and JSON of the same rows. */
package io.evenkeel.it.bench;
