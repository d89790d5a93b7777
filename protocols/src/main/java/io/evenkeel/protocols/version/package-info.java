/**
 * The version of the pack and the versions of Keycloak, Infinispan and JGroups that it supports. Links with any of
 * them.
 */
@NullMarked
package io.evenkeel.protocols.version;

import org.jspecify.annotations.NullMarked;
