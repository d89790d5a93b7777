package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.CHAIN_BROKEN;
import static io.evenkeel.certs.CertificateMaterialException.Reason.DAMAGED;

import io.evenkeel.certs.core.Expiry;
import io.evenkeel.certs.core.ReloadDecider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Material out of files that are renewed while the member runs. Its managers always answer with the last good content;
 * a missing, half-written, expired or otherwise bad file changes nothing but the report to the listener.
 *
 * <p>Files are compared by content, not by time stamp: stamps are coarse on some file systems, and secrets mounted by
 * Kubernetes change by a swap of symbolic links. {@link ReloadDecider} decides; this class reads, keeps time and tells.
 *
 * <p>Safe for threads. The managers never wait for a poll.
 */
public final class ReloadableMaterial implements AutoCloseable {

    /**
     * The status of the reloads.
     *
     * @param notAfter when the first certificate of the own chain ends
     * @param level how near that is
     * @param reloads changes that were put to use
     * @param refusals changes that could not be used
     * @param refused whether the files hold such a change now
     */
    public record Status(Instant notAfter, Expiry.Level level, long reloads, long refusals, boolean refused) {}

    private final MaterialFiles files;
    private final ReloadSettings settings;
    private final ReloadListener listener;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ReloadingKeyManager keyManager;
    private final ReloadingTrustManager trustManager;
    private final TlsMaterial material;

    // Written by the one that polls, under this object's lock.
    private final ReloadDecider decider;
    private MaterialFiles.Loaded current;
    private Expiry.Level toldLevel = Expiry.Level.FINE;
    private long reloads;
    private long refusals;
    private volatile Status status;

    private final Object scheduleLock = new Object();
    private @Nullable ScheduledFuture<?> schedule;
    private boolean closed;

    private ReloadableMaterial(
            MaterialFiles files,
            ReloadSettings settings,
            ReloadListener listener,
            InstantSource clock,
            LongSupplier nanoTime)
            throws CertificateMaterialException {
        this.files = files;
        this.settings = Objects.requireNonNull(settings, "settings");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.clock = clock;
        this.nanoTime = nanoTime;
        FileContents contents = files.read();
        this.current = files.parse(contents, clock.instant());
        this.decider = new ReloadDecider(
                contents.fingerprint(),
                TimeUnit.MILLISECONDS.toNanos(settings.debounceMs()),
                TimeUnit.MILLISECONDS.toNanos(settings.retryIntervalMs()));
        this.keyManager = new ReloadingKeyManager(current.identity());
        this.trustManager = new ReloadingTrustManager(TlsMaterial.trustManager(current.trusted()));
        this.material = new TlsMaterial(keyManager, trustManager);
        this.status = statusNow();
    }

    /**
     * Reads and checks the files, blocking on them; watching begins with {@link #start}.
     *
     * @throws CertificateMaterialException if the files cannot be used: there is no last good content to fall back on
     */
    public static ReloadableMaterial open(
            StoreFile keyStore, StoreFile trustStore, ReloadSettings settings, ReloadListener listener)
            throws CertificateMaterialException {
        return open(keyStore, trustStore, settings, listener, InstantSource.system(), System::nanoTime);
    }

    /** As the other method, with a clock that judges validity and a monotonic one that measures waits. */
    static ReloadableMaterial open(
            StoreFile keyStore,
            StoreFile trustStore,
            ReloadSettings settings,
            ReloadListener listener,
            InstantSource clock,
            LongSupplier nanoTime)
            throws CertificateMaterialException {
        return new ReloadableMaterial(new MaterialFiles(keyStore, trustStore), settings, listener, clock, nanoTime);
    }

    /** Managers that stay the same and whose answers follow the files. */
    public TlsMaterial material() {
        return material;
    }

    /** As of the last look at the files. */
    public Status status() {
        return status;
    }

    /**
     * Begins to watch.
     *
     * @param scheduler its thread blocks on the files at each look; it stays the caller's to shut down
     * @throws IllegalStateException if it watches already or was closed
     */
    public void start(ScheduledExecutorService scheduler) {
        synchronized (scheduleLock) {
            if (closed || schedule != null) {
                throw new IllegalStateException(closed ? "closed" : "started already");
            }
            long intervalMs = settings.pollIntervalMs();
            schedule = scheduler.scheduleWithFixedDelay(
                    this::pollAndSurvive, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        }
    }

    // A scheduler drops a task that throws, in silence: the watch would be over and nobody would know.
    private void pollAndSurvive() {
        try {
            poll();
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** Looks at the files once and does what is due, blocking on them. */
    public synchronized void poll() {
        FileContents contents = files.read();
        long nowNs = nanoTime.getAsLong();
        boolean load = decider.seen(contents.fingerprint(), nowNs) == ReloadDecider.Decision.LOAD;
        CertificateMaterialException refusal = load ? load(contents) : null;
        boolean news = refusal != null && decider.refused(nowNs);
        refusals += news ? 1 : 0;
        status = statusNow();
        // The listener comes last: what it throws must leave a state that is whole.
        tell(load && refusal == null, news ? refusal : null);
    }

    private @Nullable CertificateMaterialException load(FileContents contents) {
        MaterialFiles.Loaded loaded;
        try {
            loaded = files.parse(contents, clock.instant());
        } catch (CertificateMaterialException e) {
            return e;
        } catch (RuntimeException | AssertionError e) {
            // A parser of foreign bytes may stumble over some of them in its own way; that, too, is a bad file. What
            // Bouncy Castle FIPS does not approve of (a short password, an old cipher) it tells by an AssertionError.
            return new CertificateMaterialException(
                    DAMAGED, files.toString(), "reading failed (" + e + ")", "write the files anew", e);
        }
        if (current.trustsItself() && !loaded.trustsItself()) {
            return new CertificateMaterialException(
                    CHAIN_BROKEN,
                    files.toString(),
                    "the chain of " + Certificates.describe(loaded.identity().certificate())
                            + " no longer leads to a trusted certificate",
                    "complete the chain, or write key store and trust store anew so that they fit each other");
        }
        trustManager.install(TlsMaterial.trustManager(loaded.trusted()));
        keyManager.install(loaded.identity());
        decider.installed();
        current = loaded;
        toldLevel = Expiry.Level.FINE;
        reloads++;
        return null;
    }

    private void tell(boolean reloaded, @Nullable CertificateMaterialException refusal) {
        Status told = status;
        boolean nearer = told.level().compareTo(toldLevel) > 0;
        toldLevel = told.level();
        if (reloaded) {
            listener.reloaded(current.identity().certificate(), told.notAfter());
        }
        if (refusal != null) {
            listener.refused(refusal);
        }
        if (nearer) {
            listener.expiring(told.level(), told.notAfter());
        }
    }

    private Status statusNow() {
        return new Status(
                Expiry.notAfter(current.identity().chain()),
                Expiry.level(current.identity().chain(), clock.instant()),
                reloads,
                refusals,
                decider.isRefused());
    }

    /** Ends the watch; the managers go on with what they have. A look that is under way is not waited for. */
    @Override
    public void close() {
        synchronized (scheduleLock) {
            closed = true;
            if (schedule != null) {
                schedule.cancel(false);
            }
        }
    }
}
