package io.evenkeel.certs;

import io.evenkeel.certs.core.Expiry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The reports of a reloadable material, in their order. */
final class ReloadRecorder implements ReloadListener {
    final List<X509Certificate> reloaded = new CopyOnWriteArrayList<>();
    final List<CertificateMaterialException> refused = new CopyOnWriteArrayList<>();
    final List<Expiry.Level> expiring = new CopyOnWriteArrayList<>();

    @Override
    public void reloaded(X509Certificate certificate, Instant notAfter) {
        reloaded.add(certificate);
    }

    @Override
    public void refused(CertificateMaterialException refusal) {
        refused.add(refusal);
    }

    @Override
    public void expiring(Expiry.Level level, Instant notAfter) {
        expiring.add(level);
    }
}
