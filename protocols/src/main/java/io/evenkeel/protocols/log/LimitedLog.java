package io.evenkeel.protocols.log;

import io.evenkeel.protocols.transport.core.RepeatGate;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jgroups.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Lines that may repeat: one of a key in a minute, with the number of those held back, and 60 of all keys. Safe for
 * threads.
 */
public final class LimitedLog {
    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_KEYS = 1024;
    private static final int MAX_LINES = 60;

    private final Log log;
    private final LongSupplier nowNs;
    private final RepeatGate gate = new RepeatGate(INTERVAL_NS, MAX_KEYS, MAX_LINES);

    public LimitedLog(Log log) {
        this(log, System::nanoTime);
    }

    LimitedLog(Log log, LongSupplier nowNs) {
        this.log = log;
        this.nowNs = nowNs;
    }

    /** Writes the line, or returns false if it was held back. */
    public boolean write(String key, LogMessage message, @Nullable Object... args) {
        return writeWithTrace(key, null, message, args);
    }

    /** As {@link #write}, with a trace of the stack. */
    public boolean writeWithTrace(String key, @Nullable Throwable trace, LogMessage message, @Nullable Object... args) {
        long held;
        synchronized (gate) {
            held = gate.pass(key, nowNs.getAsLong());
        }
        if (held < 0) {
            return false;
        }
        message.write(log, message.text(args) + (held == 0 ? "" : " (" + held + " more of these held back)"), trace);
        return true;
    }
}
