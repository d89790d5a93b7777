/** The lines of log and refusals of the glue for Infinispan, Keycloak and Kubernetes. */
@NullMarked
package io.evenkeel.stacks.log;

import org.jspecify.annotations.NullMarked;
