/**
 * Settings of the transport with their limits, and its counters and log lines, which all rooms of the transport share.
 */
@NullMarked
package io.evenkeel.protocols.transport.config;

import org.jspecify.annotations.NullMarked;
