/** Keys, trust and TLS engines: makes the TLS handlers of connections, and judges the certificates that peers show. */
@NullMarked
package io.evenkeel.protocols.transport.tls;

import org.jspecify.annotations.NullMarked;
