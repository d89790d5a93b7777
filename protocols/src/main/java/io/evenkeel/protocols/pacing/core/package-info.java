/**
 * The decisions by which bulk yields to the foreground, on measured queueing delay. No clock, thread, lock or I/O; each
 * object has a single writer, and time comes in as {@code nowNs}.
 * A probe is a delay probe here: a number that the peer answers, whose round trip is measured.
 *
 * <p>The sources are LEDBAT (RFC 6817) and LEDBAT++ (draft-irtf-iccrg-ledbat-plus-plus); each formula names its own.
 */
@NullMarked
package io.evenkeel.protocols.pacing.core;

import org.jspecify.annotations.NullMarked;
