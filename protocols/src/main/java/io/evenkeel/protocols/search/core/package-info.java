/** Decides when a joiner that found no coordinator may found a cluster. No clock, no thread, no network. */
@NullMarked
package io.evenkeel.protocols.search.core;

import org.jspecify.annotations.NullMarked;
