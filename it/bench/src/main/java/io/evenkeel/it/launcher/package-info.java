/** The commands of {@code ./evenkeel}. Progress goes to standard error, results to standard output. */
package io.evenkeel.it.launcher;
