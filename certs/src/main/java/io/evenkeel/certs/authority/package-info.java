/**
 * Makers of keys, certificates and their files. Left out of the jar for {@code providers/}: a member only reads them.
 */
@NullMarked
package io.evenkeel.certs.authority;

import org.jspecify.annotations.NullMarked;
