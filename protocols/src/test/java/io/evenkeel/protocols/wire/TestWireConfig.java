package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Backoff;
import java.net.InetAddress;
import org.jgroups.stack.IpAddress;

/** A wire's configuration on loopback, with short times. */
final class TestWireConfig {
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int MIN_FRAME_BYTES = 65_536;

    private TestWireConfig() {}

    static WireConfig withFrames(int maxFrameBytes) {
        return of(0, null, maxFrameBytes, QUEUE_BYTES, 60_000);
    }

    static WireConfig withQueue(long maxQueuedBytes) {
        return of(0, null, MIN_FRAME_BYTES, maxQueuedBytes, 60_000);
    }

    /** @param announced the address that peers are told; null for the one that is bound */
    static WireConfig of(int port, IpAddress announced, int maxFrameBytes, long graceMs) {
        return of(port, announced, maxFrameBytes, QUEUE_BYTES, graceMs);
    }

    private static WireConfig of(int port, IpAddress announced, int maxFrameBytes, long maxQueuedBytes, long graceMs) {
        return new WireConfig(
                InetAddress.getLoopbackAddress(),
                port,
                0,
                announced == null ? null : announced.getIpAddress(),
                announced == null ? 0 : announced.getPort(),
                null,
                0,
                0,
                0,
                2000,
                true,
                -1,
                maxFrameBytes,
                maxQueuedBytes,
                5000,
                100,
                graceMs,
                1000,
                15_000,
                2,
                new Backoff(5, 50));
    }
}
