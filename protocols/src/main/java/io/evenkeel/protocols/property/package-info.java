/** Values of the attributes in a stack's XML that more than one protocol has. */
package io.evenkeel.protocols.property;
