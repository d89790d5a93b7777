/** The commands of THE jar for operators: {@code java -jar evenkeel-<version>.jar doctor}. */
@NullMarked
package io.evenkeel.stacks.cli;

import org.jspecify.annotations.NullMarked;
