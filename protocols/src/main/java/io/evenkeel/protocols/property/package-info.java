/** Values of the attributes in a stack's XML that more than one protocol has. */
@NullMarked
package io.evenkeel.protocols.property;

import org.jspecify.annotations.NullMarked;
