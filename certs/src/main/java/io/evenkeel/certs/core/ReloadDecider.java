package io.evenkeel.certs.core;

import java.util.Objects;

/**
 * Decides when changed files are to be loaded, so that neither a half-written file nor a bad one ever replaces what
 * works.
 *
 * <p>The poller tells the contents of the files, as a fingerprint, and does what the answer says. A change is loaded
 * when it has lain still for the debounce time; a change that proves bad is tried again at the retry interval, since
 * time may heal it (a certificate that is not valid yet), and is warned of once.
 *
 * <p>Pure, for one thread at a time. Times are of one monotonic clock, in nanoseconds.
 */
public final class ReloadDecider {

    /** The reaction to the files that were just seen. */
    public enum Decision {
        /** They hold what is installed, or what is known to be bad and not yet due again. */
        KEEP,
        /** They changed and may still be written to. */
        WAIT,
        /** Load them, then tell {@link #installed} or {@link #refused}. */
        LOAD
    }

    private final long debounceNs;
    private final long retryNs;
    private String installed;
    private String candidate;
    private long candidateSinceNs;
    private boolean refused;
    private long retryAtNs;

    /**
     * @param installed the fingerprint of what is in use
     * @param debounceNs how long a change must lie still, 0 for not at all
     * @param retryNs the time between attempts to load a bad change, above 0
     */
    public ReloadDecider(String installed, long debounceNs, long retryNs) {
        if (debounceNs < 0) {
            throw new IllegalArgumentException("debounceNs=" + debounceNs + " must be >= 0");
        }
        if (retryNs <= 0) {
            throw new IllegalArgumentException("retryNs=" + retryNs + " must be > 0");
        }
        this.installed = Objects.requireNonNull(installed, "installed");
        this.candidate = installed;
        this.debounceNs = debounceNs;
        this.retryNs = retryNs;
    }

    /** Says what to do with files of the given fingerprint. */
    public Decision seen(String fingerprint, long nowNs) {
        if (!fingerprint.equals(candidate)) {
            candidate = fingerprint;
            candidateSinceNs = nowNs;
            refused = false;
        }
        if (candidate.equals(installed)) {
            return Decision.KEEP;
        }
        if (refused) {
            return nowNs - retryAtNs >= 0 ? Decision.LOAD : Decision.KEEP;
        }
        return nowNs - candidateSinceNs >= debounceNs ? Decision.LOAD : Decision.WAIT;
    }

    /** The change last seen was loaded and is in use. */
    public void installed() {
        installed = candidate;
        refused = false;
    }

    /**
     * The change last seen cannot be used.
     *
     * @return whether to warn: true the first time for this change, false when it is still the same
     */
    public boolean refused(long nowNs) {
        boolean news = !refused;
        refused = true;
        retryAtNs = nowNs + retryNs;
        return news;
    }

    /** True if the files, when last seen, held a change that cannot be used. */
    public boolean isRefused() {
        return refused;
    }
}
