/** Keys, certificates and trust for the members of a cluster. Imports neither JGroups nor Keycloak. */
@NullMarked
package io.evenkeel.certs;

import org.jspecify.annotations.NullMarked;
