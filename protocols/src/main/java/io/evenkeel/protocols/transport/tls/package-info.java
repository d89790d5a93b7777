/** Keys, trust and TLS engines: makes the TLS handlers of connections, and judges the certificates that peers show. */
package io.evenkeel.protocols.transport.tls;
