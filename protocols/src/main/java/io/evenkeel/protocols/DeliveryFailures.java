package io.evenkeel.protocols;

import io.evenkeel.protocols.log.GeneralMessages;
import io.evenkeel.protocols.log.LimitedLog;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.logging.Log;

/**
 * Counts and reports what receivers throw, and throws nothing itself.
 *
 * <p>JGroups runs what a sender's messages cause on one thread at a time, and starts the next when that one has said
 * that it ends. Its handling of an exception is to log it; if the log fails as well, out of memory for one, the thread
 * ends without a word and nothing of that sender is ever delivered again (JGRP-3032, mended in JGroups 5.5.7).
 */
final class DeliveryFailures {
    private final AtomicLong count = new AtomicLong();
    private final LimitedLog log;

    DeliveryFailures(Log log) {
        this.log = new LimitedLog(log);
    }

    void onFailure(Address sender, Throwable failure) {
        count.incrementAndGet();
        try {
            log.writeWithTrace(sender + "|" + failure, failure, GeneralMessages.DELIVERY_FAILED, sender, failure);
        } catch (Throwable unloggable) {
            // Counted above; the messages behind this one matter more.
        }
    }

    long count() {
        return count.get();
    }

    void reset() {
        count.set(0);
    }
}
