/**
 * The kinds of bulk and their amounts: the classifiers of JGroups messages and the counters behind STATE_FC.
 *
 * <p>These classes look at messages, so they know {@code org.jgroups}; they neither send nor hold one.
 */
@NullMarked
package io.evenkeel.protocols.pacing;

import org.jspecify.annotations.NullMarked;
