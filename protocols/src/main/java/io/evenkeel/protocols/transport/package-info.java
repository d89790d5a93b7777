/**
 * The transport of TCP_NETTY: one port, one connection to each peer.
 *
 * <p>Its rooms, each of which uses those below it only: {@code peer}, {@code io}, {@code tls} and {@code frame}, {@code
 * config}, {@code core}.
 */
@NullMarked
package io.evenkeel.protocols.transport;

import org.jspecify.annotations.NullMarked;
