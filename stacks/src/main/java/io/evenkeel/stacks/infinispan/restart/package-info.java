/** Restart grace and leave guard: the topology managers of Infinispan with the time for a node to come back. */
@NullMarked
package io.evenkeel.stacks.infinispan.restart;

import org.jspecify.annotations.NullMarked;
