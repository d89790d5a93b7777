package io.evenkeel.protocols;

import io.evenkeel.protocols.pacing.BulkExecutor;
import io.evenkeel.protocols.pacing.Pacer;
import io.evenkeel.protocols.pacing.PressureMeter;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import io.evenkeel.protocols.property.ProtocolErrors;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jgroups.annotations.Property;
import org.jgroups.conf.AttributeType;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of {@link STATE_FC}. Four of them can be changed while it runs; a value that is refused leaves the old
 * one in place.
 */
public abstract class STATE_FCConfig extends Protocol {
    private static final PacingPolicy DEFAULTS = PacingPolicy.defaults();
    private static final long MIN_BACKLOG_BYTES = 65_536;

    @Property(
            description = "Whether state transfer is paced, and handled on threads of its own; if not, it is only"
                    + " recognised and counted")
    protected volatile boolean enabled = true;

    @Property(
            description = "Queueing delay, in microseconds, that state transfer may add to the users' round trips",
            type = AttributeType.SCALAR)
    protected volatile int target_delay_us = (int) TimeUnit.NANOSECONDS.toMicros(DEFAULTS.targetDelayNs());

    @Property(
            description = "Bytes of state that may always be under way to a destination, whatever the delay",
            type = AttributeType.BYTES)
    protected volatile int floor = DEFAULTS.floorBytes();

    @Property(
            description = "Bytes of state that may be under way to a destination at the most",
            type = AttributeType.BYTES)
    protected volatile int cap = DEFAULTS.capBytes();

    @Property(
            description = "Growth of the window per round trip while there is no delay, as a share of it",
            writable = false)
    protected double gain = DEFAULTS.gain();

    @Property(description = "The largest share of the window taken away per round trip", writable = false)
    protected double decrease = DEFAULTS.decrease();

    @Property(
            description = "How far back the smallest round trip counts as the one without queues; at least twice"
                    + " slowdown_interval",
            type = AttributeType.TIME,
            writable = false)
    protected long base_history = millis(DEFAULTS.baseHistoryNs());

    @Property(
            description = "How often a transfer without gaps drains its own queue to see the delay without it",
            type = AttributeType.TIME,
            writable = false)
    protected long slowdown_interval = millis(DEFAULTS.slowdownIntervalNs());

    @Property(
            description = "The longest time between two probes during a transfer",
            type = AttributeType.TIME,
            writable = false)
    protected long probe_interval = millis(DEFAULTS.probeIntervalNs());

    @Property(
            description = "Silence after which the window is halved; after five times that a probe is taken for"
                    + " lost, and a peer that never answered for one without STATE_FC",
            type = AttributeType.TIME,
            writable = false)
    protected long probe_timeout = millis(DEFAULTS.probeTimeoutNs());

    @Property(
            description = "How long a message of state may be held back; Infinispan gives up on it after 240 s",
            type = AttributeType.TIME,
            writable = false)
    protected long max_wait = millis(DEFAULTS.maxWaitNs());

    @Property(
            description = "Bytes that may wait for one destination; above it state passes as without STATE_FC",
            type = AttributeType.BYTES,
            writable = false)
    protected long max_queue = DEFAULTS.maxQueueBytes();

    @Property(
            description =
                    "Threads that handle received state, so that users' messages do not wait for it; 0 for half of the"
                            + " processors, at least one",
            writable = false)
    protected int handler_threads;

    @Property(
            description = "Bytes of state of one sender that may wait to be handled; above it the thread that delivers"
                    + " messages waits, as without STATE_FC",
            type = AttributeType.BYTES,
            writable = false)
    protected long max_backlog = 8L << 20;

    /** Of the system that this runs on, unless a test has set another before init. */
    protected PressureMeter meter = new PressureMeter();

    /** Null until init. */
    protected @Nullable Pacer pacer;

    /** Null until init. */
    protected @Nullable BulkExecutor bulkExecutor;

    /** The pacer, after init. */
    protected final Pacer pacer() {
        return Objects.requireNonNull(pacer);
    }

    /** The executor, after init. */
    protected final BulkExecutor bulkExecutor() {
        return Objects.requireNonNull(bulkExecutor);
    }

    private static long millis(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }

    private static long nanos(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /**
     * The attributes, checked.
     *
     * @throws IllegalArgumentException naming the attribute, its value and the limit
     */
    protected PacingPolicy policy() {
        return policy(target_delay_us, floor, cap);
    }

    private PacingPolicy policy(int targetDelayUs, int floorBytes, int capBytes) {
        try {
            return new PacingPolicy(
                    TimeUnit.MICROSECONDS.toNanos(targetDelayUs),
                    floorBytes,
                    capBytes,
                    gain,
                    decrease,
                    nanos(base_history),
                    nanos(slowdown_interval),
                    nanos(probe_interval),
                    nanos(probe_timeout),
                    nanos(max_wait),
                    max_queue);
        } catch (IllegalArgumentException e) {
            throw ProtocolErrors.named(this, e);
        }
    }

    /**
     * The number of threads that handle state.
     *
     * @throws IllegalArgumentException if the attribute is out of range
     */
    protected int handlerThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        if (handler_threads < 0 || handler_threads > processors) {
            throw new IllegalArgumentException(
                    "handler_threads=" + handler_threads + " must be from 0 to " + processors + ", the processors");
        }
        return handler_threads == 0 ? Math.max(1, processors / 2) : handler_threads;
    }

    /**
     * The most of one sender that may wait to be handled, in bytes.
     *
     * @throws IllegalArgumentException if the attribute is out of range
     */
    protected long maxBacklogBytes() {
        if (max_backlog < MIN_BACKLOG_BYTES) {
            throw new IllegalArgumentException("max_backlog=" + max_backlog + " must be >= " + MIN_BACKLOG_BYTES);
        }
        return max_backlog;
    }

    public boolean isEnabled() {
        return enabled;
    }

    /** Off, what is held back goes at once. */
    public STATE_FCConfig setEnabled(boolean on) {
        enabled = on;
        if (pacer != null) {
            pacer.setEnabled(on);
            bulkExecutor().setEnabled(on);
        }
        return this;
    }

    public int getTargetDelayUs() {
        return target_delay_us;
    }

    /** Refuses what {@link PacingPolicy} refuses, once the protocol is initialised; before, init does. */
    public STATE_FCConfig setTargetDelayUs(int us) {
        if (pacer != null) {
            pacer.setPolicy(policy(us, floor, cap));
        }
        target_delay_us = us;
        return this;
    }

    public int getFloor() {
        return floor;
    }

    /** Refuses as {@link #setTargetDelayUs}. */
    public STATE_FCConfig setFloor(int bytes) {
        if (pacer != null) {
            pacer.setPolicy(policy(target_delay_us, bytes, cap));
        }
        floor = bytes;
        return this;
    }

    public int getCap() {
        return cap;
    }

    /** Refuses as {@link #setTargetDelayUs}. */
    public STATE_FCConfig setCap(int bytes) {
        if (pacer != null) {
            pacer.setPolicy(policy(target_delay_us, floor, bytes));
        }
        cap = bytes;
        return this;
    }
}
