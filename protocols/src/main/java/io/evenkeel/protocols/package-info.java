/** The JGroups protocols: UPPER_CASE classes that wire and delegate to the packages below. */
package io.evenkeel.protocols;
