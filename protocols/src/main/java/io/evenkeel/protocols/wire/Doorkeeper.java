package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;

/** Turns connections away while too many others have not introduced themselves yet. */
@Sharable
final class Doorkeeper extends ChannelInitializer<Channel> {
    private final WireContext wire;
    private final Dialer dialer;
    private final PeerTable peers;

    Doorkeeper(WireContext wire, Dialer dialer, PeerTable peers) {
        this.wire = wire;
        this.dialer = dialer;
        this.peers = peers;
    }

    @Override
    protected void initChannel(Channel channel) {
        int pending = wire.stats.pendingHandshakes.get();
        if (pending < wire.config.maxPendingHandshakes()) {
            dialer.equip(channel, new PeerConnection(wire, peers, null, wire.ours()));
            return;
        }
        String peer = ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
        wire.log.refused(
                peer,
                new Refusal(Refusal.Reason.TOO_MANY_PENDING, pending + " connections have not introduced themselves"));
        channel.close();
    }
}
