/** The decisions of restart grace and leave guard. Pure. */
@NullMarked
package io.evenkeel.stacks.infinispan.restart.core;

import org.jspecify.annotations.NullMarked;
