/** The lease agent: the one thread that talks to the table, and what it shows to the others. */
@NullMarked
package io.evenkeel.protocols.lease.agent;

import org.jspecify.annotations.NullMarked;
