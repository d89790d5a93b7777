package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Turns connections away while too many others have not introduced themselves yet. From the hosts of members it takes as
 * many again: strangers who hold all places must not keep members from renewing a lost connection.
 */
@Sharable
final class Doorkeeper extends ChannelInitializer<Channel> {
    private final WireContext wire;
    private final Dialer dialer;
    private final PeerTable peers;
    private final Lanes lanes;

    Doorkeeper(WireContext wire, Dialer dialer, PeerTable peers, Lanes lanes) {
        this.wire = wire;
        this.dialer = dialer;
        this.peers = peers;
        this.lanes = lanes;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
            // It was reset before it was taken.
            channel.close();
            return;
        }
        int pending = wire.stats.pendingHandshakes.get();
        long limit = wire.config.maxPendingHandshakes();
        InetAddress host = peer.getAddress();
        if (pending < limit || (pending < 2 * limit && lanes.isMemberHost(host))) {
            dialer.equip(channel, new PeerConnection(wire, peers, null, wire.ours()));
            return;
        }
        wire.log.refused(
                host.getHostAddress(),
                new Refusal(Refusal.Reason.TOO_MANY_PENDING, pending + " connections have not introduced themselves"));
        channel.close();
    }
}
