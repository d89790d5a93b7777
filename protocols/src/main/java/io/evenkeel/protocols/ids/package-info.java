/** Numbers that JGroups writes on the wire. */
package io.evenkeel.protocols.ids;
