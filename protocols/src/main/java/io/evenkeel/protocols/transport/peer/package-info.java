/**
 * Peers: which connection leads to whom, what is sent over it, and what the end of one means for the member behind it.
 */
@NullMarked
package io.evenkeel.protocols.transport.peer;

import org.jspecify.annotations.NullMarked;
