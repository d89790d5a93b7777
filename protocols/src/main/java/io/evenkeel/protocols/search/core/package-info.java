/** Decides when a joiner that found no coordinator may found a cluster. No clock, no thread, no network. */
package io.evenkeel.protocols.search.core;
