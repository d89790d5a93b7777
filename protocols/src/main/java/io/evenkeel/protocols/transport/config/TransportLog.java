package io.evenkeel.protocols.transport.config;

import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.log.LogMessage;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import org.jgroups.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The transport's lines about peers: one per peer and reason in a minute, with the number of those held back, and 60 of
 * all peers. Safe for threads.
 */
public final class TransportLog {
    private final Log log;
    private final LimitedLog repeated;
    private final TransportStats stats;

    public TransportLog(Log log, TransportStats stats) {
        this.log = log;
        this.repeated = new LimitedLog(log);
        this.stats = stats;
    }

    /** This side turned a peer down. */
    public void refused(String peer, Refusal refusal) {
        stats.refused(refusal.reason()).increment();
        tell(
                refusal.reason().harmless(),
                key(peer, refusal),
                TransportMessages.PEER_REFUSED,
                peer,
                refusal.reason(),
                refusal.detail(),
                refusal.reason().remedy());
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
    public void failed(String peer, Outcome outcome, @Nullable Refusal refusal, String why, boolean member) {
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
        tell(harmless, peer + "|" + outcome + ", " + why, TransportMessages.NO_CONNECTION, peer, outcome, why, remedy);
    }

    /** Something to be looked at that may repeat. */
    public void warn(LogMessage message, Object... words) {
        tell(false, message.text(words), message, words);
    }

    /**
     * A frame of a peer that is dropped; with a trace of the stack, which is the only one for this peer in a minute.
     */
    public void unreadable(String peer, UnreadableFrameException why) {
        count(repeated.writeWithTrace(
                peer + "|unreadable", why, TransportMessages.FRAME_UNREADABLE, peer, why.getMessage()));
    }

    public void debug(String line) {
        if (log.isDebugEnabled()) {
            log.debug(line);
        }
    }

    /** A transition. */
    public void info(LogMessage message, Object... words) {
        message.to(log, words);
    }

    private void tell(boolean harmless, String key, LogMessage message, Object... words) {
        if (harmless) {
            debug(message.text(words));
        } else {
            count(repeated.write(key, message, words));
        }
    }

    private void count(boolean written) {
        if (!written) {
            stats.linesHeldBack.increment();
        }
    }
}
