/**
 * The parts of STATE_FC around the decisions in {@code pacing.core}: the classifiers that recognise state transfer, the
 * queue of each destination, the sending of parts and delay probes, the threads that handle received state, the
 * counters.
 */
@NullMarked
package io.evenkeel.protocols.pacing;

import org.jspecify.annotations.NullMarked;
