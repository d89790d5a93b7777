/** The command line for an operator's certificates. Lies in a jar of its own. */
package io.evenkeel.certs.cli;
