/** The search for initial members of discovery without a table: it tells late members from absent ones. */
package io.evenkeel.protocols.search;
