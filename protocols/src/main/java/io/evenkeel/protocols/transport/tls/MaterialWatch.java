package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.ReloadListener;
import io.evenkeel.certs.ReloadSettings;
import io.evenkeel.certs.ReloadableMaterial;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.Expiry;
import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.log.LogMessage;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Keys and trust in use, and the watch over them: files are looked at for changes, injected managers (which reload
 * themselves, or never) are asked whether they would answer differently now. Either way, a change is told once.
 */
public final class MaterialWatch implements AutoCloseable {
    private final TlsMaterial material;
    /** null for injected managers. */
    private final @Nullable ReloadableMaterial files;

    private final ReloadSettings settings;
    private final Log log;
    private final LimitedLog repeated;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("evenkeel-tls-watch", true));
    private final TransportStats stats;
    // Of the watching thread.
    private Set<X509Certificate> seen;
    private Expiry.Level toldLevel = Expiry.Level.FINE;

    private MaterialWatch(TlsMaterial injected, ReloadSettings settings, TransportStats stats, Log log) {
        this.stats = stats;
        this.material = injected;
        this.files = null;
        this.settings = settings;
        this.log = log;
        this.repeated = new LimitedLog(log);
        this.seen = certificates();
    }

    private MaterialWatch(
            StoreFile keyStore, StoreFile trustStore, ReloadSettings settings, TransportStats stats, Log log)
            throws CertificateMaterialException {
        this.stats = stats;
        this.files = ReloadableMaterial.open(keyStore, trustStore, settings, new Teller());
        this.material = files.material();
        this.settings = settings;
        this.log = log;
        this.repeated = new LimitedLog(log);
        this.seen = certificates();
    }

    /** Watches managers that other code made. */
    static MaterialWatch over(TlsMaterial injected, ReloadSettings settings, TransportStats stats, Log log) {
        return new MaterialWatch(injected, settings, stats, log);
    }

    /**
     * Reads files and watches them.
     *
     * @throws CertificateMaterialException if they cannot be used; there is no last good content yet
     */
    static MaterialWatch over(
            StoreFile keyStore, StoreFile trustStore, ReloadSettings settings, TransportStats stats, Log log)
            throws CertificateMaterialException {
        return new MaterialWatch(keyStore, trustStore, settings, stats, log);
    }

    public TlsMaterial material() {
        return material;
    }

    /** Begins to look; a change is told on the watching thread, after it is in use. */
    public void start(Runnable onChange) {
        thread.scheduleWithFixedDelay(
                () -> lookAndSurvive(onChange),
                settings.pollIntervalMs(),
                settings.pollIntervalMs(),
                TimeUnit.MILLISECONDS);
    }

    private void lookAndSurvive(Runnable onChange) {
        try {
            look(onChange);
        } catch (Throwable e) {
            // A foreign manager may throw anything, an Error too; the next look may go well. A scheduler drops a
            // task that throws, in silence: the watch would be over and nobody would know.
            repeated.write("look", TransportMessages.KEYS_UNWATCHED, e);
        }
    }

    private void look(Runnable onChange) {
        if (files != null) {
            files.poll();
        } else {
            warnOfExpiry();
        }
        Set<X509Certificate> now = certificates();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        stats.reloadsOk.increment();
        if (files == null) {
            TransportMessages.INJECTED_KEYS_CHANGED.to(log);
        }
        onChange.run();
    }

    private void warnOfExpiry() {
        Set<X509Certificate> own = OwnCertificates.of(material.keyManager());
        if (own.isEmpty()) {
            return;
        }
        Expiry.Level level = Expiry.level(own, Instant.now());
        if (level.compareTo(toldLevel) > 0) {
            expiring(level, Expiry.notAfter(own));
        }
        toldLevel = level;
    }

    private void expiring(Expiry.Level level, Instant notAfter) {
        LogMessage message = level.compareTo(Expiry.Level.URGENT) >= 0
                ? TransportMessages.CERTIFICATE_EXPIRES_NOW
                : TransportMessages.CERTIFICATE_EXPIRES;
        message.to(log, level == Expiry.Level.EXPIRED ? "expired on" : "expires on", notAfter, level);
    }

    private Set<X509Certificate> certificates() {
        Set<X509Certificate> all = new HashSet<>(OwnCertificates.of(material.keyManager()));
        all.addAll(Arrays.asList(material.trustManager().getAcceptedIssuers()));
        return all;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (files != null) {
            files.close();
        }
    }

    /** Says what becomes of files. */
    private final class Teller implements ReloadListener {
        @Override
        public void reloaded(X509Certificate certificate, Instant notAfter) {
            TransportMessages.NEW_KEYS_IN_USE.to(log, notAfter);
        }

        @Override
        public void refused(CertificateMaterialException refusal) {
            stats.reloadsFailed.increment();
            TransportMessages.NEW_KEYS_REFUSED.to(log, refusal.getMessage());
        }

        @Override
        public void expiring(Expiry.Level level, Instant notAfter) {
            MaterialWatch.this.expiring(level, notAfter);
        }
    }
}
