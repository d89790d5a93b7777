/** The command line for an operator's certificates. Lies in a jar of its own. */
@NullMarked
package io.evenkeel.certs.cli;

import org.jspecify.annotations.NullMarked;
