/** Real clusters on real components: the launcher, its benchmarks and the integration tests. */
package io.evenkeel.it;
