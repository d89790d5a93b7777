package io.evenkeel.protocols.wire;

/** What became of asking a physical address who lives there. */
public sealed interface ProbeResult {

    /** A member of the named cluster answered. */
    record Answered(String clusterName, long incarnation) implements ProbeResult {}

    /** The host answered that nobody listens on that port. */
    record Refused() implements ProbeResult {}

    /** Nothing came back in time, or no route leads there. */
    record Silent(String reason) implements ProbeResult {}

    /** Somebody answered and one side turned the other down: a TLS alert, another cluster, a protocol violation. */
    record Rejected(String reason) implements ProbeResult {}
}
