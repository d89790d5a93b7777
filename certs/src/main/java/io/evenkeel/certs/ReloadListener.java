package io.evenkeel.certs;

import io.evenkeel.certs.core.Expiry;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * Hears of what becomes of watched material. Called on the thread that polls, one call at a time; it must not block.
 * Its exceptions go to that thread's handler of uncaught exceptions and stop nothing.
 */
public interface ReloadListener {

    /**
     * New material is in use from the next handshake on. Connections, and TLS sessions kept for resumption, still rest
     * on the old.
     *
     * @param certificate the member's own
     * @param notAfter when the first certificate of its chain ends
     */
    void reloaded(X509Certificate certificate, Instant notAfter);

    /** The files changed and cannot be used; the last good material stays in use. Called once for each such change. */
    void refused(CertificateMaterialException refusal);

    /** The own chain came nearer to its end. Called once for each level above FINE, again after a reload. */
    void expiring(Expiry.Level level, Instant notAfter);
}
