/** The options of Keycloak that say how a node of this host would reach its database and its peers. */
package io.evenkeel.stacks.cli.settings;
