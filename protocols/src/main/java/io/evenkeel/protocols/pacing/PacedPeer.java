package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.pacing.core.BulkFlow;
import io.evenkeel.protocols.pacing.core.Offer;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.Step;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.Message;

/**
 * The bulk for one member, and the turn to send it.
 *
 * <p>The thread that brings news (a message, an answer, a tick) sends what may go, unless another thread is at it,
 * which then does it: no thread waits, and the order is kept. A caller waits only if the queue is full, and then below,
 * for the credits that it would wait for without us.
 *
 * <p>Two locks: the turn is held while sending, the flow's monitor only while deciding.
 */
final class PacedPeer {
    private static final int TOLD_STEP_PERCENT = 10;

    private final Address address;
    private final BulkFlow<Message> flow;
    private final PacingSender sender;
    private final PacingStats stats;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean releasing = new AtomicBoolean();
    private final PressureMeter meter;
    private volatile boolean news;
    /** This member's pressure as the peer knows it, as far as it was told without having asked. */
    private Pressure told = Pressure.NONE;

    PacedPeer(
            Address address,
            PacingPolicy policy,
            long firstNumber,
            boolean enabled,
            PacingSender sender,
            PressureMeter meter,
            PacingStats stats) {
        this.address = address;
        this.sender = sender;
        this.meter = meter;
        this.stats = stats;
        flow = new BulkFlow<>(policy, firstNumber, sender.nowNs());
        flow.setEnabled(enabled);
    }

    /** Takes the message over, or returns false if the caller is to send it as it is. */
    boolean take(Message message) {
        boolean divisible = message.hasArray() && message.getLength() <= PartAssembler.MAX_TOTAL_BYTES;
        int lengthBytes = lengthBytes(message);
        Offer offer;
        synchronized (flow) {
            offer = flow.offer(message, lengthBytes, divisible, sender.nowNs());
        }
        if (offer == Offer.OVERFLOW) {
            sendAllAndThen(message);
            stats.passed(offer, lengthBytes);
            return true;
        }
        drain();
        if (offer != Offer.QUEUED) {
            stats.passed(offer, lengthBytes);
        }
        return offer == Offer.QUEUED;
    }

    /** The length of its payload, which may be an object. */
    static int lengthBytes(Message message) {
        if (message.hasArray()) {
            return message.getLength();
        }
        return message.hasPayload() ? message.size() : 0;
    }

    /** Backpressure as without us: this caller sends what waits, and its own message last, with flow control. */
    private void sendAllAndThen(Message message) {
        turn.lock();
        try {
            for (Step<Message> step = decide(f -> f.nextOverflowing(sender.nowNs()));
                    step != null;
                    step = decide(f -> f.nextOverflowing(sender.nowNs()))) {
                execute(step);
            }
            sender.sendWhole(message);
        } finally {
            turn.unlock();
        }
        drain();
    }

    /**
     * Sends what may go now; what needs credits, for which the threads that bring news must not wait, goes in a thread
     * of its own.
     */
    void drain() {
        news = true;
        if (turn.isHeldByCurrentThread()) {
            return; // a neighbour below answered in the same thread; the loop further out goes on
        }
        while (news && turn.tryLock()) {
            try {
                news = false;
                for (Step<Message> step = decide(f -> f.nextWithoutCredits(sender.nowNs()));
                        step != null;
                        step = decide(f -> f.nextWithoutCredits(sender.nowNs()))) {
                    execute(step);
                }
            } finally {
                turn.unlock();
            }
        }
        if (decide(f -> f.needsCredits(sender.nowNs())) && releasing.compareAndSet(false, true)) {
            sender.fork(this::release);
        }
    }

    /** Sends what the window does not bound, in order, as fast as the peer grants credits for it. */
    private void release() {
        turn.lock();
        try {
            for (Step<Message> step = decide(f -> f.next(sender.nowNs()));
                    step != null;
                    step = decide(f -> f.next(sender.nowNs()))) {
                execute(step);
            }
        } finally {
            turn.unlock();
            releasing.set(false);
        }
        drain();
    }

    private void execute(Step<Message> step) {
        if (step instanceof Step.Probe<Message> probe) {
            ask(probe.number());
        } else if (step instanceof Step.Send<Message> send) {
            stats.sent(send);
            if (send.isWhole() && send.probe() == 0) {
                sender.sendWhole(send.why().takesCredits() ? send.message() : unlimited(send.message()));
            } else {
                sender.sendPart(send);
            }
        }
    }

    /** A peer of which nothing is known yet is asked again, as one that leaves a probe unanswered. */
    private void ask(long probeNumber) {
        switch (sender.headers(address)) {
            case PRESENT -> sender.probe(address, probeNumber);
            case ABSENT ->
                decide(f -> {
                    f.onPeerWithout();
                    return null;
                });
            case UNKNOWN -> {}
        }
    }

    /** The window is the flow control; a thread that releases bulk must not wait for credits. */
    private static Message unlimited(Message message) {
        return message.setFlag(Message.Flag.NO_FC);
    }

    /** Returns true if the peer was taken for silent until now. */
    boolean onAnswer(long probeNumber, Pressure ofPeer) {
        Pressure own = meter.pressure();
        boolean wasSilent = decide(f -> {
            f.setOwnPressure(own);
            f.onPeerPressure(ofPeer, sender.nowNs());
            return f.onAnswer(probeNumber, sender.nowNs());
        });
        drain();
        return wasSilent;
    }

    /** Returns true if the peer was taken for silent until now. */
    boolean onPeerProbe() {
        if (decide(BulkFlow::isPeerPresent)) {
            return false;
        }
        boolean wasSilent = decide(BulkFlow::onPeerProbe);
        drain();
        return wasSilent;
    }

    /** Returns true if the peer has just been taken for silent. */
    boolean onTick() {
        Pressure own = meter.pressure();
        boolean nowSilent = decide(f -> {
            f.setOwnPressure(own);
            return f.onTick(sender.nowNs());
        });
        tell(own);
        drain();
        return nowSilent;
    }

    /**
     * Tells this member's pressure to a peer that gets state from it: such a peer answers probes and sends none, so no
     * answer tells it.
     */
    private void tell(Pressure own) {
        boolean news = own.isShort() != told.isShort()
                || Math.abs(own.sharePercent() - told.sharePercent()) >= TOLD_STEP_PERCENT;
        if (news && decide(BulkFlow::isPeerPresent)) {
            told = own;
            sender.tell(address, own);
        }
    }

    /** This member leaves: what waits goes now. */
    void leave() {
        synchronized (flow) {
            flow.leave();
        }
        drain();
    }

    /** The member is gone. Returns what waited for it. */
    List<Message> giveUp() {
        return decide(BulkFlow::giveUp);
    }

    void setEnabled(boolean enabled) {
        synchronized (flow) {
            flow.setEnabled(enabled);
        }
        drain();
    }

    void setPolicy(PacingPolicy policy) {
        synchronized (flow) {
            flow.setPolicy(policy);
        }
        drain();
    }

    /** Asks the flow, alone with it. */
    <T> T decide(Function<BulkFlow<Message>, T> question) {
        synchronized (flow) {
            return question.apply(flow);
        }
    }

    @Override
    public String toString() {
        return decide(f -> String.format(
                "%s: %s%s, window %d bytes, under way %d bytes, queued %d messages of %d bytes, base delay %d us,"
                        + " queueing delay %d us, rate %d bytes/s, longest wait %d ms, lost probes %d",
                address,
                f.isPeerPresent() ? "paced" : f.isPeerSilent() ? "overloaded or without STATE_FC" : "not known yet",
                describe(f.peerPressure(sender.nowNs())),
                f.window().windowBytes(),
                f.window().inFlightBytes(),
                f.queuedMessages(),
                f.queuedBytes(),
                f.window().baseDelayNs() / 1_000,
                f.window().queueingDelayNs() / 1_000,
                f.window().rateBytesPerSecond(),
                f.longestWaitNs() / 1_000_000,
                f.window().lostProbes()));
    }

    private static String describe(Pressure pressure) {
        if (!pressure.isShort()) {
            return "";
        }
        return ", says pressure " + pressure.percent() + " % (" + pressure.describeShortages() + ")";
    }
}
