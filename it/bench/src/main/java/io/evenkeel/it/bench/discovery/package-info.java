/**
 * {@code ./evenkeel bench discovery}: stock jdbc-ping and evenkeel-jdbc on the same machine, in the same run. Each case
 * of {@link io.evenkeel.it.bench.discovery.DiscoveryCases} is measured by itself and leaves nothing running that the
 * {@link io.evenkeel.it.bench.discovery.Lab} does not stop.
 */
package io.evenkeel.it.bench.discovery;
