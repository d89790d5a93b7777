/** The commands of THE jar for operators: {@code java -jar evenkeel-<version>.jar doctor}. */
package io.evenkeel.stacks.cli;
