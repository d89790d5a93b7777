/** The glue for Keycloak: its options, data source, certificates and health check. */
@NullMarked
package io.evenkeel.stacks.keycloak;

import org.jspecify.annotations.NullMarked;
