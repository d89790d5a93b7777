/** Sockets: event loops, the port, and one connection with its handshake, from its channel to the cause of its end. */
@NullMarked
package io.evenkeel.protocols.transport.io;

import org.jspecify.annotations.NullMarked;
