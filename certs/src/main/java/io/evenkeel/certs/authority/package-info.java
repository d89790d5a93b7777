/**
 * Makers of keys, certificates and their files. Left out of the jar for {@code providers/}: a member only reads them.
 */
package io.evenkeel.certs.authority;
