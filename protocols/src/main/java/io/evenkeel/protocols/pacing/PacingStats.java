package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.pacing.core.Offer;
import io.evenkeel.protocols.pacing.core.Step;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Message;

/** Counters of bulk on its way down. Safe for any number of writers and readers. */
public final class PacingStats {
    private final Map<Step.Why, LongAdder> sentBytes = new EnumMap<>(Step.Why.class);
    private final MessageCounter<Offer> passed = new MessageCounter<>(Offer.class);
    private final LongAdder parts = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final LongAdder lostProbesOfGone = new LongAdder();
    private final LongAdder restedOfGoneNs = new LongAdder();
    private final LongAccumulator longestWaitOfGoneNs = new LongAccumulator(Math::max, 0);

    public PacingStats() {
        for (Step.Why why : Step.Why.values()) {
            sentBytes.put(why, new LongAdder());
        }
    }

    void sent(Step.Send<Message> send) {
        adder(send.why()).add(send.lengthBytes());
        if (!send.isWhole()) {
            parts.increment();
        }
    }

    private LongAdder adder(Step.Why why) {
        return Objects.requireNonNull(sentBytes.get(why));
    }

    void passed(Offer why, int lengthBytes) {
        passed.add(why, lengthBytes);
    }

    /** A flow has ended: its figures are kept, as operators look at them after the restart. */
    void gone(int messagesGivenUp, long lostProbes, long longestWaitNs, long restedNs) {
        restedOfGoneNs.add(restedNs);
        givenUp.add(messagesGivenUp);
        lostProbesOfGone.add(lostProbes);
        longestWaitOfGoneNs.accumulate(longestWaitNs);
    }

    public long sentBytes(Step.Why why) {
        return adder(why).sum();
    }

    public long passedMessages(Offer why) {
        return passed.messages(why);
    }

    public long passedBytes(Offer why) {
        return passed.bytes(why);
    }

    public long parts() {
        return parts.sum();
    }

    public long givenUpMessages() {
        return givenUp.sum();
    }

    long lostProbesOfGone() {
        return lostProbesOfGone.sum();
    }

    long restedOfGoneNs() {
        return restedOfGoneNs.sum();
    }

    long longestWaitOfGoneNs() {
        return longestWaitOfGoneNs.get();
    }

    /** Starts over from zero; what is added meanwhile may be lost. */
    public void reset() {
        sentBytes.values().forEach(LongAdder::reset);
        passed.reset();
        parts.reset();
        givenUp.reset();
        lostProbesOfGone.reset();
        restedOfGoneNs.reset();
        longestWaitOfGoneNs.reset();
    }
}
