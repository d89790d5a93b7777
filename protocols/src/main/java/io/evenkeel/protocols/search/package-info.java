/** The search for initial members of discovery without a table: it tells late members from absent ones. */
@NullMarked
package io.evenkeel.protocols.search;

import org.jspecify.annotations.NullMarked;
