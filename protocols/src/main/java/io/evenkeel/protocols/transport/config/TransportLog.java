package io.evenkeel.protocols.transport.config;

import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.RepeatGate;
import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;

/**
 * The transport's lines about peers: one per peer and reason in a minute, with the number of those held back, and 60 of
 * all peers. Safe for threads.
 */
public final class TransportLog {
    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_KEYS = 1024;
    private static final int MAX_LINES = 60;

    private final Log log;
    private final TransportStats stats;
    private final RepeatGate gate = new RepeatGate(INTERVAL_NS, MAX_KEYS, MAX_LINES);

    public TransportLog(Log log, TransportStats stats) {
        this.log = log;
        this.stats = stats;
    }

    /** This side turned a peer down. */
    public void refused(String peer, Refusal refusal) {
        stats.refused(refusal.reason()).increment();
        tell(
                refusal.reason().harmless(),
                key(peer, refusal),
                "refused " + peer + ": " + refusal.reason() + ", " + refusal.detail() + "; "
                        + refusal.reason().remedy());
    }

    private static String key(String peer, Refusal refusal) {
        if (refusal.reason() == Refusal.Reason.TOO_MANY_PENDING) {
            // One flood, from however many hosts it comes.
            return refusal.reason().toString();
        }
        // The detail names the certificate.
        String which = refusal.reason().ofCertificate() ? "|" + refusal.detail() : "";
        return peer + "|" + refusal.reason() + which;
    }

    /**
     * A peer could not be reached, or turned this side down.
     *
     * @param refusal null if neither side turned the other down
     * @param why in words
     * @param member whether a member of the view has the address
     */
    public void failed(String peer, Outcome outcome, Refusal refusal, String why, boolean member) {
        boolean harmless =
                switch (outcome) {
                    // Discovery dials hosts that may have no member.
                    case REFUSED, SILENT -> !member;
                    case REJECTED -> refusal != null && refusal.reason().harmless();
                    case BROKEN, UNPROVEN -> false;
                    case ACCEPTED, YIELDED -> true;
                };
        String remedy = refusal == null
                ? "check that the member runs there and that its port can be reached from here"
                : refusal.reason().remedy();
        String reason = outcome + ", " + why;
        tell(harmless, peer + "|" + reason, "no connection to " + peer + ": " + reason + "; " + remedy);
    }

    /** Something about a peer whose connection stays. */
    public void warn(String peer, String what) {
        tell(false, peer + "|" + what, "peer " + peer + ": " + what);
    }

    /** Messages that are not sent, and would not be the next time. */
    public void unsendable(String messages, String why) {
        tell(false, messages + why, messages + why);
    }

    /** A frame of a peer that is dropped; with a trace of the stack, which is the only one for this peer in a minute. */
    public void unreadable(String peer, UnreadableFrameException why) {
        long held = pass(peer + "|unreadable");
        if (held >= 0) {
            log.warn(
                    "dropped a frame of " + peer + " that cannot be read: " + why.getMessage() + more(held)
                            + "; compare the versions of Evenkeel and JGroups on both sides",
                    why);
        }
    }

    public void debug(String line) {
        if (log.isDebugEnabled()) {
            log.debug(line);
        }
    }

    public void info(String line) {
        log.info(line);
    }

    private void tell(boolean harmless, String key, String line) {
        if (harmless) {
            debug(line);
            return;
        }
        long held = pass(key);
        if (held >= 0) {
            log.warn(line + more(held));
        }
    }

    private long pass(String key) {
        long held;
        synchronized (gate) {
            held = gate.pass(key, System.nanoTime());
        }
        if (held < 0) {
            stats.linesHeldBack.increment();
        }
        return held;
    }

    private static String more(long held) {
        return held == 0 ? "" : " (" + held + " more of these held back)";
    }
}
