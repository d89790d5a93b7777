/** Keys, certificates and trust for the members of a cluster. Imports neither JGroups nor Keycloak. */
package io.evenkeel.certs;
