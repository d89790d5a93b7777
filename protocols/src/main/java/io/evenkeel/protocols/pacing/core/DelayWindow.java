package io.evenkeel.protocols.pacing.core;

/**
 * The bytes of bulk that may be under way to one destination, controlled by the queueing delay that they cause.
 *
 * <p>A window, not a rate: acknowledgements release what follows, so a pause on either side stops the flow by itself
 * and is not mistaken for a slow link for long. With W the window, q the queueing delay, T the target and x = q/T, per
 * round trip:
 *
 * <pre>
 *   slow start      W *= 2 while x &lt; 1/2, then W *= 1 + gain; over at x &gt; 3/4      LEDBAT++, section 4.2
 *   x &lt;= 1          W += A + gain * W * (1 - x)                   RFC 6817, section 2.4.2, is gain * A * (1 - x)
 *   x &gt; 1           W += max(A - W * (x - 1), -decrease * W)                       LEDBAT++, section 4.3
 *   no answer       W /= 2 once, slow start back to where it was                   RFC 6817: as on a loss
 *   slowdown        W = floor for two round trips, slow start back                 LEDBAT++, section 4.4
 * </pre>
 *
 * <p>The differences, and why. The target is 1.5 ms instead of 60 or 100: users must not feel it. Growth has a part in
 * proportion to the window, as windows here span three orders of magnitude; the constant A makes flows that share a
 * link equal in the end, since near the target only A and the proportional decrease are left. The slowdown comes by
 * time and not after nine times its own length, and whenever a probe left with nothing of ours under way it is not
 * needed: state comes in chunks, and the gaps between them show the base delay for nothing.
 *
 * <p>A late answer says that the cable is short or that a processor is. Where one of the two ends tells that it is
 * short ({@link Pressure}), smaller parts would only make more messages of the same work: parts are as large as they
 * may be, a probe follows half of a window, and the window falls no further than to one such part. For the rest the law
 * is the same, so a peer that claims to be short has no more than a part under way for it. In the simulator the window
 * also grew by the difference between full and nearly empty round trips; transfers took a third less time, but users
 * waited longer for the processor, and those on a cable for a peer that only claimed to be short.
 *
 * <p>The window grows only if it held something back since the last answer, and shrinks from what was really under way:
 * a window that is not used says nothing about the link (RFC 7661).
 */
public final class DelayWindow {
    /** The A above. */
    static final int INCREMENT_BYTES = 2_048;

    private static final int INITIAL_FLOORS = 2;
    private static final double SLOW_START_FULL = 0.5;
    private static final double SLOW_START_END = 0.75;
    private static final long IDLE_NS = 5_000_000_000L;
    /** Long, as parts and answers are reliable, so that they are late and hardly ever lost; see {@link #probeDue}. */
    private static final int LOST_TIMEOUTS = 5;

    private final DelayProbes probes;
    private final QueueingDelay delay;
    private final Slowdown slowdown = new Slowdown();
    private PacingPolicy policy;

    private double windowBytes;
    private double slowStartEndBytes;
    private boolean slowStart;
    private boolean limited;
    private boolean timedOut;
    private long lastSendNs;
    private boolean isAnEndShort;

    /**
     * Starts in slow start, with nothing known.
     *
     * @param firstNumber of the probes; answers meant for another window of the same peer must not fit
     */
    public DelayWindow(PacingPolicy policy, long firstNumber, long nowNs) {
        this.policy = policy;
        probes = new DelayProbes(firstNumber, nowNs);
        delay = new QueueingDelay(policy.baseHistoryNs(), nowNs);
        startOver(nowNs);
    }

    private void startOver(long nowNs) {
        windowBytes = Math.min(policy.capBytes(), INITIAL_FLOORS * policy.floorBytes());
        slowStart = true;
        slowStartEndBytes = Double.MAX_VALUE;
        limited = false;
        timedOut = false;
        slowdown.postpone(nowNs, policy.slowdownIntervalNs());
        slowdown.abandon();
        lastSendNs = nowNs;
        probes.forget(nowNs);
        delay.reset(nowNs);
    }

    /** Other limits from now on; the window and what was measured stay. The base history keeps its length. */
    public void setPolicy(PacingPolicy changed) {
        policy = changed;
        setWindow(windowBytes);
    }

    /** True if one of the two ends says that it is short. */
    public void setAnEndShort(boolean isShort) {
        isAnEndShort = isShort;
    }

    /** True if so many more bytes may go; if not, the window is known to hold something back. */
    public boolean admits(int bytes) {
        boolean fits = inFlightBytes() == 0 || inFlightBytes() + bytes <= windowBytes;
        limited |= !fits;
        return fits;
    }

    /**
     * True if half of the window has room for so many bytes: all its parts would go at once, so there is no use in
     * cutting.
     */
    public boolean fitsEasily(int bytes) {
        return inFlightBytes() + bytes <= windowBytes / 2;
    }

    /** The size of the next part of so many bytes. */
    public int partBytes(int bytes) {
        return isAnEndShort
                ? Math.min(bytes, PacingPolicy.MAX_FRAGMENT_BYTES)
                : Parts.nextBytes(bytes, windowBytes(), inFlightBytes());
    }

    /** To be called before bytes are sent: after a long silence all that was known is out of date. */
    public void beforeSend(long nowNs) {
        if (inFlightBytes() == 0 && nowNs - lastSendNs > IDLE_NS) {
            startOver(nowNs);
        }
    }

    /** Counts bytes of bulk that were sent. */
    public void onSend(int bytes, long nowNs) {
        probes.onSend(bytes);
        lastSendNs = nowNs;
    }

    /**
     * True if a probe should follow what was sent.
     *
     * <p>Time makes one due only while no other is on its way. It would overtake the parts that a slow joiner has not
     * got to, and its answer would acknowledge them and hide their queue.
     *
     * @param moreWaits whether more bulk waits for the window; if not, the last bytes need a probe of their own, unless
     *     half of the window stays open without their answer: each costs both sides a message. Where an end is short
     *     they always do, as the answer says how long the flow was busy
     */
    public boolean probeDue(boolean moreWaits, long nowNs) {
        long unprobed = probes.unprobedBytes();
        return unprobed > 0
                && ((!moreWaits && (isAnEndShort || 2 * inFlightBytes() > windowBytes))
                        || unprobed >= toProbeBytes()
                        || (probes.isEmpty() && probes.sinceLastProbeNs(nowNs) >= policy.probeIntervalNs()));
    }

    private long toProbeBytes() {
        return isAnEndShort ? windowBytes() / 2 : Parts.toProbeBytes(windowBytes());
    }

    /** True if a probe before the first bytes would see the base delay, which was not seen for a while. */
    public boolean baseProbeDue(long nowNs) {
        return inFlightBytes() == 0
                && probes.isEmpty()
                && (delay.baseNs() == 0 || slowdown.isNear(nowNs, policy.slowdownIntervalNs()));
    }

    /** Notes that a probe goes now, behind all that was sent; its number is what the answer has to bring back. */
    public long onProbe(long nowNs) {
        return probes.add(nowNs);
    }

    /**
     * An answer came.
     *
     * @return false if it is not known, or late: a later one said more
     */
    public boolean onAck(long probeNumber, long nowNs) {
        DelayProbes.Answer answer = probes.settle(probeNumber, nowNs);
        if (answer == null) {
            return false;
        }
        boolean drained = slowdown.endsWith(answer.number());
        if (drained) {
            // They had more under way than the window has room for now, so no later answer would outweigh them.
            delay.forgetLatest();
        }
        delay.add(answer.roundTripNs(), answer.inFlightBytes(), nowNs);
        timedOut = false;
        if (answer.inFlightBytes() == 0) {
            slowdown.postpone(nowNs, policy.slowdownIntervalNs());
        }
        if (drained) {
            slowdown.abandon();
            slowStart = true;
        } else if (!slowdown.isOn()) {
            adjust(answer);
            slowDownIfDue(nowNs);
        }
        limited = false;
        return true;
    }

    private void adjust(DelayProbes.Answer answer) {
        double acked = answer.ackedBytes();
        double x = (double) delay.queueingNs() / policy.targetDelayNs();
        double share = Math.min(1, acked / windowBytes);
        if (x > SLOW_START_END || windowBytes >= slowStartEndBytes) {
            slowStart = false;
        }
        if (x > 1) {
            double used = limited
                    ? windowBytes
                    : Math.min(windowBytes, (double) Math.max(policy.floorBytes(), delay.inFlightBytes()));
            double step = Math.max(INCREMENT_BYTES - used * (x - 1), -policy.decrease() * used);
            setWindow(used + share * (limited ? step : Math.min(0, step)));
        } else if (limited) {
            double growth = slowStart
                    ? acked * (x < SLOW_START_FULL ? 1 : policy.gain())
                    : share * INCREMENT_BYTES + acked * policy.gain() * (1 - x);
            setWindow(windowBytes + growth);
        }
    }

    private void setWindow(double bytes) {
        windowBytes = Math.max(lowestBytes(), Math.min(policy.capBytes(), bytes));
    }

    private double lowestBytes() {
        int part = Math.min(policy.capBytes(), PacingPolicy.MAX_FRAGMENT_BYTES);
        return isAnEndShort ? Math.max(policy.floorBytes(), part) : policy.floorBytes();
    }

    private void slowDownIfDue(long nowNs) {
        if (slowStart || !slowdown.isDue(nowNs) || windowBytes <= policy.floorBytes()) {
            return;
        }
        slowdown.begin(probes.lastNumber(), nowNs, policy.slowdownIntervalNs());
        slowStartEndBytes = windowBytes;
        setWindow(0);
    }

    /**
     * Looks for answers that are overdue: the window is cut after the timeout, and some timeouts later the probe is
     * taken for lost.
     *
     * @return whether another probe should go now
     */
    public boolean onTick(long nowNs) {
        if (probes.isEmpty() || probes.silenceNs(nowNs) < policy.probeTimeoutNs()) {
            return false;
        }
        if (!timedOut && inFlightBytes() > 0) {
            timedOut = true;
            slowStart = true;
            if (!slowdown.isOn()) {
                slowStartEndBytes = windowBytes;
            }
            setWindow(windowBytes / 2);
            delay.forgetLatest();
        }
        return probes.giveUpLatest(LOST_TIMEOUTS * policy.probeTimeoutNs(), nowNs);
    }

    public long inFlightBytes() {
        return probes.inFlightBytes();
    }

    public long windowBytes() {
        return (long) windowBytes;
    }

    /** 0 if not measured. */
    public long baseDelayNs() {
        return delay.baseNs();
    }

    public long queueingDelayNs() {
        return delay.queueingNs();
    }

    /** Window over round trip; 0 if not measured. */
    public long rateBytesPerSecond() {
        return delay.currentNs() == 0 ? 0 : (long) (windowBytes * 1e9 / delay.currentNs());
    }

    public long lostProbes() {
        return probes.lost();
    }

    void resetLostProbes() {
        probes.resetLost();
    }
}
