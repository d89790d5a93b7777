/**
 * Verdicts on a cluster as it is seen from outside: facts in, findings out.
 *
 * <p>Pure: no I/O, no clock, no thread. Facts are collected by {@link io.evenkeel.stacks.cli.facts}.
 */
@NullMarked
package io.evenkeel.stacks.cli.core;

import org.jspecify.annotations.NullMarked;
