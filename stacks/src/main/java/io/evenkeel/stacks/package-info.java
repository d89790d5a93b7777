/** The stacks as files, their short names, and the defaults that they have in common. */
@NullMarked
package io.evenkeel.stacks;

import org.jspecify.annotations.NullMarked;
