/**
 * Frames: the queue of a peer, the frames that are built of its messages, and the frames and messages that are read.
 */
@NullMarked
package io.evenkeel.protocols.transport.frame;

import org.jspecify.annotations.NullMarked;
