/**
 * The provider that the benchmark puts into its Keycloak nodes: it creates sessions through Keycloak's own API and
 * counts them. Runs inside Keycloak only, and uses nothing of the rest of this module.
 */
package io.evenkeel.it.bench.restart.provider;
