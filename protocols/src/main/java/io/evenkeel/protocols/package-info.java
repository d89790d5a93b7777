/** The JGroups protocols: UPPER_CASE classes that wire and delegate to the packages below. */
@NullMarked
package io.evenkeel.protocols;

import org.jspecify.annotations.NullMarked;
