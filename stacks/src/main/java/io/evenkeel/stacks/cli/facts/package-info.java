/** Looks at a cluster from outside: reads its table, asks its members, and judges nothing. */
package io.evenkeel.stacks.cli.facts;
