/** The lines of log and refusals of the glue for Infinispan, Keycloak and Kubernetes. */
package io.evenkeel.stacks.log;
