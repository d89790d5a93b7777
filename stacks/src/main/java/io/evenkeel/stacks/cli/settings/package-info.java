/** The options of Keycloak that say how a node of this host would reach its database and its peers. */
@NullMarked
package io.evenkeel.stacks.cli.settings;

import org.jspecify.annotations.NullMarked;
