/** Decisions of the transport: formats, verdicts and times, without a socket, a clock, a thread or a lock. */
@NullMarked
package io.evenkeel.protocols.transport.core;

import org.jspecify.annotations.NullMarked;
