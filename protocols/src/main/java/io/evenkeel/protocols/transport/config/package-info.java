/**
 * Settings of the transport with their limits, and its counters and log lines, which all rooms of the transport share.
 */
package io.evenkeel.protocols.transport.config;
