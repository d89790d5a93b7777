/** Decisions about certificates: no I/O, no clock, no thread, no lock. Imports only the JDK. */
@NullMarked
package io.evenkeel.certs.core;

import org.jspecify.annotations.NullMarked;
