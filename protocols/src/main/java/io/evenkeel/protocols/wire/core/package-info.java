/** What the transport decides: formats, verdicts and times, without a socket, a clock, a thread or a lock. */
package io.evenkeel.protocols.wire.core;
