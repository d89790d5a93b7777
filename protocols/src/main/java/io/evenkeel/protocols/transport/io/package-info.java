/** Sockets: event loops, the port, and one connection with its handshake, from its channel to the cause of its end. */
package io.evenkeel.protocols.transport.io;
