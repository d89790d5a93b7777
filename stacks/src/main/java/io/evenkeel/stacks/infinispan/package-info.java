/** The glue for Infinispan: stacks by name, state transfer recognised and sized, and the pack's metrics. */
@NullMarked
package io.evenkeel.stacks.infinispan;

import org.jspecify.annotations.NullMarked;
