package io.evenkeel.protocols.transport.config;

import io.evenkeel.protocols.transport.core.PeerLifecycle;

/**
 * The settings of the transport, which are named as the properties of TCP_NETTY. Bytes and milliseconds.
 *
 * @param lifecycle bounds of reconnects and refusals
 * @param eventLoopThreads 0 for the shared ones
 * @param stockPeers whether members on JGroups' TCP are taken
 */
public record TransportConfig(
        Binding binding,
        SocketOptions sockets,
        PeerLifecycle.Limits lifecycle,
        int maxFrameBytes,
        long maxQueuedBytes,
        int handshakeTimeoutMs,
        int maxPendingHandshakes,
        long nonMemberGraceMs,
        int goodbyeTimeoutMs,
        int eventLoopThreads,
        boolean stockPeers) {

    /** The largest frame before the peer is known, in bytes. */
    public static final int HANDSHAKE_FRAME_BYTES = 4096;

    /** Beyond that FD_ALL3 is faster. */
    private static final int MAX_REFUSAL_MS = 60_000;

    private static final int MIN_FRAME_BYTES = 65_536;
    private static final int LARGEST_FRAME_BYTES = 1 << 30;

    public TransportConfig {
        within("max_frame_size", maxFrameBytes, MIN_FRAME_BYTES, LARGEST_FRAME_BYTES);
        within("max_queued_bytes", maxQueuedBytes, MIN_FRAME_BYTES, Long.MAX_VALUE);
        within("handshake_timeout", handshakeTimeoutMs, 1, Integer.MAX_VALUE);
        within("max_pending_handshakes", maxPendingHandshakes, 1, Integer.MAX_VALUE);
        within("non_member_grace", nonMemberGraceMs, 1, Long.MAX_VALUE);
        within("goodbye_timeout", goodbyeTimeoutMs, 1, Integer.MAX_VALUE);
        within("min_refusal_time", lifecycle.minRefusalMs(), 0, MAX_REFUSAL_MS);
        within("patient_refusal_time", lifecycle.patientRefusalMs(), 0, MAX_REFUSAL_MS);
        if (lifecycle.patientRefusalMs() < lifecycle.minRefusalMs()) {
            throw new IllegalArgumentException("patient_refusal_time=" + lifecycle.patientRefusalMs()
                    + " must be >= min_refusal_time=" + lifecycle.minRefusalMs());
        }
        within("event_loop_threads", eventLoopThreads, 0, 1024);
    }

    static void within(String property, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(property + "=" + value + " must be from " + min + " to " + max);
        }
    }
}
