/** The lease agent: the one thread that talks to the table, and what it shows to the others. */
package io.evenkeel.protocols.lease.agent;
