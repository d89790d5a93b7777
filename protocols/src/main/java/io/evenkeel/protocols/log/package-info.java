/**
 * The pack's lines of log and refusals of a start, each with the id under which docs/reference/messages.md explains it.
 */
@NullMarked
package io.evenkeel.protocols.log;

import org.jspecify.annotations.NullMarked;
