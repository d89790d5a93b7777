/**
 * {@code ./evenkeel bench rolling-restart}: what users feel while every node of a real Keycloak cluster full of
 * in-memory sessions is restarted. {@link io.evenkeel.it.bench.restart.RestartRun} is one cluster's run; what it
 * recorded is plain data, of which {@link io.evenkeel.it.bench.restart.RestartReport} and
 * {@link io.evenkeel.it.bench.restart.RestartChart} are made.
 */
package io.evenkeel.it.bench.restart;
