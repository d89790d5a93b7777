/** Numbers that JGroups writes on the wire. */
@NullMarked
package io.evenkeel.protocols.ids;

import org.jspecify.annotations.NullMarked;
