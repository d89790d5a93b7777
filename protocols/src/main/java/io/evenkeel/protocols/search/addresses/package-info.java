/** Addresses at which members may be, by a list of hosts or by DNS. */
@NullMarked
package io.evenkeel.protocols.search.addresses;

import org.jspecify.annotations.NullMarked;
