/** Decisions about certificates: no I/O, no clock, no thread, no lock. Imports only the JDK. */
package io.evenkeel.certs.core;
