/** Looks at a cluster from outside: reads its table, asks its members, and judges nothing. */
@NullMarked
package io.evenkeel.stacks.cli.facts;

import org.jspecify.annotations.NullMarked;
