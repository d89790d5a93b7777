package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Measurement;
import java.time.Duration;

/** The cases, in the order in which they run. Where nothing else is said: 200 Mbit/s a host, and the usual workload. */
// Records of values; the checker takes only classes with its own annotation for immutable.
@SuppressWarnings("ImmutableEnumChecker")
public enum StateCase implements Measurement.Case {
    LAN_200("lan-200", "200 Mbit/s, 2 caches", Links.MBIT_200, Workload.USUAL, Links.LAN_GOALS),
    SIX_CACHES_200(
            "six-caches-200",
            "200 Mbit/s, 6 caches that hold as much together",
            Links.MBIT_200,
            Workload.USUAL.withCaches(6, 1 / 3.0),
            Links.LAN_GOALS),
    RTT_2MS_200(
            "rtt-2ms-200",
            "200 Mbit/s, round trip of 2 ms",
            Links.MBIT_200.withRoundTrip(Duration.ofMillis(2)),
            Workload.USUAL,
            Goals.time(1.05).withP99(2)),
    LAN_50("lan-50", "50 Mbit/s", Link.lan(50), Workload.USUAL, Goals.time(1.1).withP99(5)),
    GIGABIT(
            "gigabit",
            "1 Gbit/s, 1 cache of 1,000,000 entries",
            Link.lan(1000),
            Workload.USUAL.withCaches(1, 10 / 3.0),
            Goals.time(1.1).withJoinBound(10).withP99(3)),
    UNSHAPED(
            "unshaped",
            "loopback, no limit",
            Link.LOOPBACK,
            Workload.USUAL,
            Goals.time(1.15).withP99OfStock()),
    NO_FOREGROUND("no-foreground", "no requests", Links.MBIT_200, Workload.USUAL.withRate(0), Goals.time(1.02)),
    SMALL_ENTRIES(
            "small-entries",
            "entries of 100 bytes, 1,000,000 in each of 2 caches",
            Links.MBIT_200,
            Workload.USUAL.withEntries(100, 10 / 3.0),
            Links.LAN_GOALS),
    /** A tenth of the requests: more of these would fill the link without any transfer. */
    LARGE_ENTRIES(
            "large-entries",
            "entries of 100 KB, 3,000 in each of 2 caches, 30 requests/s a node",
            Links.MBIT_200,
            Workload.USUAL.withEntries(100_000, 1 / 100.0).withRate(30),
            Links.LAN_GOALS),
    /** A restart, as far as Infinispan sees it. */
    FULL_CYCLE("full-cycle", "loopback; a node leaves, is started again and joins", Link.LOOPBACK),
    FULL_CYCLE_200("full-cycle-200", "200 Mbit/s; a node leaves, is started again and joins", Links.MBIT_200);

    /** Constants of several cases; constants of an enum cannot refer to fields of their own. */
    private static final class Links {
        static final Link MBIT_200 = Link.lan(200);
        static final Goals LAN_GOALS = Goals.time(1.05).withP90(1.5).withP99(3).beatingChunk16();
    }

    private final String label;
    private final String description;
    private final Link link;
    private final Workload workload;
    private final Goals goals;
    private final boolean cycle;

    /** A case of cycles, whose goals are its own. */
    StateCase(String label, String description, Link link) {
        this(label, description, link, Workload.USUAL, Goals.time(1), true);
    }

    StateCase(String label, String description, Link link, Workload workload, Goals goals) {
        this(label, description, link, workload, goals, false);
    }

    StateCase(String label, String description, Link link, Workload workload, Goals goals, boolean cycle) {
        this.label = label;
        this.description = description;
        this.link = link;
        this.workload = workload;
        this.goals = goals;
        this.cycle = cycle;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String description() {
        return description;
    }

    /** True if a node leaves, is started again and joins, in the place of a join and a leave. */
    boolean isCycle() {
        return cycle;
    }

    /** True if a restart grace may hold a leaver's place: nobody comes back where a leave is measured by itself. */
    boolean easesRestarts(Contender contender) {
        return cycle && contender.isEvenkeel();
    }

    Link link() {
        return link;
    }

    Workload workload() {
        return workload;
    }

    Goals goals() {
        return goals;
    }
}
