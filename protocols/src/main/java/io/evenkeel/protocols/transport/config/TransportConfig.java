package io.evenkeel.protocols.transport.config;

import io.evenkeel.protocols.transport.core.Backoff;
import java.net.InetAddress;

/**
 * The settings of the transport, named as the properties of TCP_NETTY are. Bytes, milliseconds, and seconds for linger;
 * 0 buffers leave the kernel's sizes.
 */
public record TransportConfig(
        InetAddress bindAddress,
        int bindPort,
        int portRange,
        InetAddress externalAddress,
        int externalPort,
        InetAddress clientBindAddress,
        int recvBufBytes,
        int sendBufBytes,
        int connectTimeoutMs,
        boolean tcpNoDelay,
        int lingerS,
        int maxFrameBytes,
        long maxQueuedBytes,
        int handshakeTimeoutMs,
        int maxPendingHandshakes,
        long nonMemberGraceMs,
        int goodbyeTimeoutMs,
        int deadConnectionTimeoutMs,
        long minRefusalMs,
        long patientRefusalMs,
        int eventLoopThreads,
        Backoff backoff) {

    /** The largest frame before the peer is known, in bytes. */
    public static final int HANDSHAKE_FRAME_BYTES = 4096;

    /** The kernel takes no more than 32,767 s between two probes. */
    private static final int MAX_DEAD_CONNECTION_MS = 3_600_000;

    /** Beyond that FD_ALL3 is faster. */
    private static final int MAX_REFUSAL_MS = 60_000;

    private static final int MAX_PORT = 65_535;
    private static final int MIN_FRAME_BYTES = 65_536;
    private static final int LARGEST_FRAME_BYTES = 1 << 30;

    public TransportConfig {
        within("bind_port", bindPort, 0, MAX_PORT);
        within("port_range", portRange, 0, MAX_PORT - bindPort);
        within("external_port", externalPort, 0, MAX_PORT);
        within("recv_buf_size", recvBufBytes, 0, Integer.MAX_VALUE);
        within("send_buf_size", sendBufBytes, 0, Integer.MAX_VALUE);
        within("sock_conn_timeout", connectTimeoutMs, 1, Integer.MAX_VALUE);
        within("linger", lingerS, -1, Integer.MAX_VALUE);
        within("max_frame_size", maxFrameBytes, MIN_FRAME_BYTES, LARGEST_FRAME_BYTES);
        within("max_queued_bytes", maxQueuedBytes, MIN_FRAME_BYTES, Long.MAX_VALUE);
        within("handshake_timeout", handshakeTimeoutMs, 1, Integer.MAX_VALUE);
        within("max_pending_handshakes", maxPendingHandshakes, 1, Integer.MAX_VALUE);
        within("non_member_grace", nonMemberGraceMs, 1, Long.MAX_VALUE);
        within("goodbye_timeout", goodbyeTimeoutMs, 1, Integer.MAX_VALUE);
        within("dead_connection_timeout", deadConnectionTimeoutMs, KeepAlive.MIN_TIMEOUT_MS, MAX_DEAD_CONNECTION_MS);
        within("min_refusal_time", minRefusalMs, 0, MAX_REFUSAL_MS);
        within("patient_refusal_time", patientRefusalMs, 0, MAX_REFUSAL_MS);
        if (patientRefusalMs < minRefusalMs) {
            throw new IllegalArgumentException(
                    "patient_refusal_time=" + patientRefusalMs + " must be >= min_refusal_time=" + minRefusalMs);
        }
        within("event_loop_threads", eventLoopThreads, 0, 1024);
    }

    private static void within(String property, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(property + "=" + value + " must be from " + min + " to " + max);
        }
    }
}
