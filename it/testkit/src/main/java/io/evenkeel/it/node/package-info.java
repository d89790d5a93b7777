/**
 * Real Keycloak nodes on a real PostgreSQL, as child processes on loopback: taken from Maven Central, built, started,
 * watched, stopped and killed. One thread owns all objects of a run (interrupt it to stop waiting, then close
 * everything in reverse order); closing never leaves a process or a file behind, whatever had failed before.
 */
package io.evenkeel.it.node;
