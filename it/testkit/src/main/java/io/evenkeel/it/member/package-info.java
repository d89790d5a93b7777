/** JGroups members and other workers in JVMs of their own: the inside of one, stacks, keys, and steady loads. */
package io.evenkeel.it.member;
