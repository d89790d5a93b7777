package io.evenkeel.protocols.transport.config;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The options of sockets. Bytes and milliseconds, and seconds for linger; buffers of 0 leave the kernel's sizes.
 *
 * @param clientBindAddress the local address of outgoing connections; null for the kernel's choice
 * @param lingerS -1 for the kernel's default
 */
public record SocketOptions(
        @Nullable InetAddress clientBindAddress,
        int connectTimeoutMs,
        int deadConnectionTimeoutMs,
        int recvBufBytes,
        int sendBufBytes,
        boolean tcpNoDelay,
        int lingerS) {

    /** The kernel takes no more than 32,767 s between two probes. */
    private static final int MAX_DEAD_CONNECTION_MS = 3_600_000;

    public SocketOptions {
        TransportConfig.within("sock_conn_timeout", connectTimeoutMs, 1, Integer.MAX_VALUE);
        TransportConfig.within(
                "dead_connection_timeout", deadConnectionTimeoutMs, KeepAlive.MIN_TIMEOUT_MS, MAX_DEAD_CONNECTION_MS);
        TransportConfig.within("recv_buf_size", recvBufBytes, 0, Integer.MAX_VALUE);
        TransportConfig.within("send_buf_size", sendBufBytes, 0, Integer.MAX_VALUE);
        TransportConfig.within("linger", lingerS, -1, Integer.MAX_VALUE);
    }
}
