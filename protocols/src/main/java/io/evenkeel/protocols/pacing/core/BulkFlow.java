package io.evenkeel.protocols.pacing.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bulk for one destination: a queue in order, and a window that says how much of it may go.
 *
 * <p>{@link #offer} takes a message, {@link #next} says what to send; the sender calls {@link #next} again when it is
 * sent, until there is nothing more. Then an answer, a tick or another message may open the way again. Order is kept as
 * long as one at a time sends.
 *
 * @param <M> a message; the flow never looks into it
 */
public final class BulkFlow<M> {
    /** Some intervals of the peer's measurement, so that a peer that has fallen silent is not spared for ever. */
    static final long PRESSURE_HOLDS_NS = 20 * ProcessorShare.INTERVAL_NS;

    private final ArrayDeque<Waiting<M>> queue = new ArrayDeque<>();
    private final PeerPresence peer = new PeerPresence();
    private final DelayWindow window;
    private final FlowRests rests = new FlowRests();
    private PacingPolicy policy;
    private boolean enabled = true;
    private boolean sending;
    private boolean probeWanted;
    private boolean offered;
    private boolean trial;
    private boolean closed;
    private boolean leaving;
    private long nextId;
    private long queuedBytes;
    private long longestWaitNs;
    private Pressure own = Pressure.NONE;
    private Pressure peerPressure = Pressure.NONE;
    private long peerPressureAtNs;

    private static final class Waiting<M> {
        final M message;
        final long id;
        final int totalBytes;
        final boolean divisible;
        final long sinceNs;
        int sentBytes;

        Waiting(M message, long id, int totalBytes, boolean divisible, long sinceNs) {
            this.message = message;
            this.id = id;
            this.totalBytes = totalBytes;
            this.divisible = divisible;
            this.sinceNs = sinceNs;
        }
    }

    /**
     * Starts with nothing known of the peer.
     *
     * @param firstNumber of the messages and of the probes, above 0. A member that comes back gets a new flow: its
     *     numbers must not be those of the old one, of which parts or answers may still be about
     */
    public BulkFlow(PacingPolicy policy, long firstNumber, long nowNs) {
        this.policy = policy;
        nextId = firstNumber;
        window = new DelayWindow(policy, firstNumber, nowNs);
    }

    /**
     * Takes a message or says that it is to be sent as it is, which it is only if nothing waits before it.
     *
     * @param lengthBytes its payload, 0 or more
     * @param divisible whether it can be sent in parts
     */
    public Offer offer(M message, int lengthBytes, boolean divisible, long nowNs) {
        if (closed) {
            return Offer.PASS_GONE;
        }
        offered = true;
        boolean idle = queue.isEmpty() && !sending;
        if (idle && isOff()) {
            return Offer.PASS_DISABLED;
        }
        if (idle && peer.isSilent()) {
            return Offer.PASS_SILENT_PEER;
        }
        if (queuedBytes + lengthBytes > policy.maxQueueBytes()) {
            return Offer.OVERFLOW;
        }
        peer.onBulk();
        queue.addLast(new Waiting<>(message, nextId++, lengthBytes, divisible, nowNs));
        queuedBytes += lengthBytes;
        return Offer.QUEUED;
    }

    /**
     * True if the head of the queue goes whatever the window says: then flow control has to bound it, for whose credits
     * the caller of {@link #next} may wait. Not so when this member leaves, as what has not gone by then is lost.
     */
    public boolean needsCredits(long nowNs) {
        Waiting<M> head = queue.peekFirst();
        return head != null
                && !leaving
                && (!enabled || peer.isSilent() || (peer.isPresent() && hasWaited(head, nowNs)));
    }

    private boolean hasWaited(Waiting<M> head, long nowNs) {
        return nowNs - head.sinceNs >= policy.maxWaitNs();
    }

    /** The next step; null if there is nothing to do until an answer, a tick or another message. */
    public @Nullable Step<M> next(long nowNs) {
        return next(true, nowNs);
    }

    /**
     * As {@link #next}, for a caller that must not wait for credits: null too if what is next {@link #needsCredits}.
     */
    public @Nullable Step<M> nextWithoutCredits(long nowNs) {
        return next(false, nowNs);
    }

    private @Nullable Step<M> next(boolean mayWait, long nowNs) {
        sending = false;
        if (!queue.isEmpty()) {
            window.beforeSend(nowNs);
        }
        if (probeDue(nowNs)) {
            probeWanted = false;
            peer.onAsked(nowNs);
            trial = true;
            return new Step.Probe<>(window.onProbe(nowNs));
        }
        Waiting<M> head = queue.peekFirst();
        if (head == null || (!mayWait && needsCredits(nowNs))) {
            return null;
        }
        int rest = head.totalBytes - head.sentBytes;
        boolean waited = hasWaited(head, nowNs);
        if (!isOff() && !peer.isPresent() && !peer.isSilent()) {
            return trial || waited ? sendOnTrial(head, rest, nowNs) : null;
        }
        boolean open = isOff() || peer.isSilent();
        if (!open && !waited && rests.isResting(nowNs)) {
            return null;
        }
        boolean whole = !head.divisible || (head.sentBytes == 0 && (open || window.fitsEasily(rest)));
        int length = whole ? rest : window.partBytes(rest);
        if (!window.admits(length) && !open && !waited) {
            return null;
        }
        return send(head, length, why(open, waited), nowNs);
    }

    private Step.Why why(boolean open, boolean waited) {
        if (leaving) {
            return Step.Why.LEAVING;
        }
        return open ? Step.Why.OPEN : waited ? Step.Why.WAITED : Step.Why.WINDOW;
    }

    private boolean isOff() {
        return leaving || !enabled;
    }

    /**
     * While nothing is known of the peer, one message goes behind each probe: as it is, since only STATE_FC could put
     * parts together. A peer that starts is not flooded, and a peer without STATE_FC does not wait for its first state.
     */
    private Step<M> sendOnTrial(Waiting<M> head, int lengthBytes, long nowNs) {
        trial = false;
        return send(head, lengthBytes, Step.Why.UNKNOWN_PEER, nowNs);
    }

    /** As {@link #next}, but the window does not count: for the caller whose message found no room. */
    public @Nullable Step<M> nextOverflowing(long nowNs) {
        sending = false;
        Waiting<M> head = queue.peekFirst();
        return head == null ? null : send(head, head.totalBytes - head.sentBytes, Step.Why.OVERFLOW, nowNs);
    }

    private boolean probeDue(long nowNs) {
        boolean more = !queue.isEmpty();
        return probeWanted
                || peer.askDue(offered, policy.probeTimeoutNs(), nowNs)
                || (peer.isPresent() && ((more && window.baseProbeDue(nowNs)) || window.probeDue(more, nowNs)));
    }

    private Step<M> send(Waiting<M> head, int lengthBytes, Step.Why why, long nowNs) {
        int offset = head.sentBytes;
        head.sentBytes += lengthBytes;
        queuedBytes -= lengthBytes;
        window.onSend(lengthBytes, nowNs);
        rests.onSend(nowNs);
        sending = true;
        if (head.sentBytes == head.totalBytes) {
            queue.removeFirst();
            longestWaitNs = Math.max(longestWaitNs, nowNs - head.sinceNs);
        }
        return new Step.Send<>(
                head.message, head.id, offset, lengthBytes, head.totalBytes, probe(head, why, nowNs), why);
    }

    /** A part can carry the probe, which spares both sides a message; what goes as it is cannot. */
    private long probe(Waiting<M> head, Step.Why why, long nowNs) {
        boolean carries = head.divisible && peer.isPresent() && why != Step.Why.OVERFLOW;
        return carries && window.probeDue(!queue.isEmpty(), nowNs) ? window.onProbe(nowNs) : 0;
    }

    /**
     * The peer answered a probe; {@link #next} may have something to do.
     *
     * @return true if the peer was taken for silent until now
     */
    public boolean onAnswer(long probeNumber, long nowNs) {
        if (!window.onAck(probeNumber, nowNs)) {
            return false;
        }
        rests.onAck(window.inFlightBytes() > 0, nowNs);
        return peer.onSign();
    }

    /** Sets the pressure that this member measures of itself. */
    public void setOwnPressure(Pressure pressure) {
        own = pressure;
        setPressure();
    }

    /**
     * Takes the peer's pressure by its own word, which is believed for a while and as far as it can do others no harm.
     */
    public void onPeerPressure(Pressure pressure, long nowNs) {
        peerPressure = pressure;
        peerPressureAtNs = nowNs;
        setPressure();
    }

    private void setPressure() {
        window.setAnEndShort(own.isShort() || peerPressure.isShort());
        rests.setShare(Math.min(own.sharePercent(), peerPressure.sharePercent()));
    }

    /** The peer's last word on its pressure, unless that is too long ago. */
    public Pressure peerPressure(long nowNs) {
        return nowNs - peerPressureAtNs < PRESSURE_HOLDS_NS ? peerPressure : Pressure.NONE;
    }

    /** The time for which it rested, as one of the two ends was short. */
    public long restedNs() {
        return rests.restedNs();
    }

    /**
     * The peer sent a probe, so it has STATE_FC; {@link #next} may have something to do.
     *
     * @return true if the peer was taken for silent until now
     */
    public boolean onPeerProbe() {
        return peer.onSign();
    }

    /** The peer is without STATE_FC: bulk does not wait for its answer. {@link #next} may have something to do. */
    public void onPeerWithout() {
        peer.onAbsence();
    }

    /**
     * Time goes by; {@link #next} may have something to do.
     *
     * @return true if the peer has just been taken for silent
     */
    public boolean onTick(long nowNs) {
        if (peerPressure.isShort() && !peerPressure(nowNs).isShort()) {
            onPeerPressure(Pressure.NONE, nowNs);
        }
        probeWanted |= peer.isPresent() && window.inFlightBytes() > 0 && window.onTick(nowNs);
        return peer.onTick(policy.probeTimeoutNs(), nowNs);
    }

    /** The peer is gone: what waited for it, in order, is the caller's again, and nothing more is taken. */
    public List<M> giveUp() {
        closed = true;
        List<M> left = new ArrayList<>();
        queue.forEach(waiting -> left.add(waiting.message));
        queue.clear();
        queuedBytes = 0;
        return left;
    }

    /** Off: what waits goes at once, and then nothing is held back. */
    public void setEnabled(boolean on) {
        enabled = on;
    }

    /** This member leaves: what waits goes at once, and nothing is held back any more. */
    public void leave() {
        leaving = true;
    }

    public void setPolicy(PacingPolicy changed) {
        policy = changed;
        window.setPolicy(changed);
    }

    /** True if {@link #onTick} has to be called. */
    public boolean needsTicks() {
        return !queue.isEmpty() || (window.inFlightBytes() > 0 && peer.isPresent()) || peer.needsTicks();
    }

    public boolean isPeerPresent() {
        return peer.isPresent();
    }

    /** True if the peer is overloaded or without STATE_FC: it left probes unanswered while bulk waited. */
    public boolean isPeerSilent() {
        return peer.isSilent();
    }

    public long queuedBytes() {
        return queuedBytes;
    }

    public int queuedMessages() {
        return queue.size();
    }

    public long longestWaitNs() {
        return longestWaitNs;
    }

    /** Starts the longest wait and the lost probes over. */
    public void resetFigures() {
        longestWaitNs = 0;
        rests.resetFigures();
        window.resetLostProbes();
    }

    /** For its figures. */
    public DelayWindow window() {
        return window;
    }
}
