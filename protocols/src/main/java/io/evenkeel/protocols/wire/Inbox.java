package io.evenkeel.protocols.wire;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jgroups.stack.IpAddress;

/** Hands the bodies of data frames up as arrays, which JGroups reads; copies only what does not lie in one already. */
final class Inbox {
    private static final int SCRATCH_BYTES = 128 * 1024;

    private final WireListener listener;
    private final IpAddress sender;
    private byte[] scratch = {};

    Inbox(WireListener listener, InetSocketAddress sender) {
        this.listener = listener;
        this.sender = IpAddresses.of(sender);
    }

    void deliver(ByteBuf in, int bodyBytes) {
        if (in.hasArray()) {
            listener.onData(sender, in.array(), in.arrayOffset() + in.readerIndex(), bodyBytes);
            return;
        }
        if (bodyBytes > SCRATCH_BYTES) {
            byte[] copy = new byte[bodyBytes];
            in.readBytes(copy);
            listener.onData(sender, copy, 0, bodyBytes);
            return;
        }
        if (scratch.length == 0) {
            scratch = new byte[SCRATCH_BYTES];
        }
        in.readBytes(scratch, 0, bodyBytes);
        listener.onData(sender, scratch, 0, bodyBytes);
    }
}
