package io.evenkeel.protocols.transport.peer;

/** The result of asking a physical address which process is there. */
public sealed interface ProbeResult {

    /** A member of the named cluster answered. */
    record Answered(String clusterName, long incarnation) implements ProbeResult {}

    /** The host answered that no process listens on that port. */
    record Refused() implements ProbeResult {}

    /**
     * Nothing came back in time, or no route leads there.
     *
     * @param connected whether the host took the connection, so that the process behind it may only be late
     */
    record Silent(String reason, boolean connected) implements ProbeResult {}

    /**
     * A process answered and one side turned the other down: a TLS alert, another cluster, a protocol violation.
     *
     * @param forLoad whether the peer had too many connections just then
     */
    record Rejected(String reason, boolean forLoad) implements ProbeResult {}
}
