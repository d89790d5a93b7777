/** Addresses at which members may be, by a list of hosts or by DNS. */
package io.evenkeel.protocols.search.addresses;
