package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockPeers;
import io.evenkeel.protocols.transport.io.ConnectionEvents;
import io.evenkeel.protocols.transport.io.IpAddresses;
import io.evenkeel.protocols.transport.io.MemberIdentity;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.jgroups.stack.IpAddress;

/** One connection without a socket, in clear, to which anything may be written; it watches what must never happen. */
final class FuzzedConnection implements ConnectionEvents, CalmListener, AutoCloseable {
    private final Random random;
    private final TransportStats stats = new TransportStats();
    private final UnpooledByteBufAllocator allocator;
    private final PeerConnection connection;
    private final EmbeddedChannel channel;
    private final long memoryLimitBytes;
    private int closed;
    private int answers;
    private Optional<Refusal> ending = Optional.empty();
    long dataBytes;

    FuzzedConnection(Random random, TransportConfig config, boolean dialled, boolean direct, Hello ours) {
        this(random, config, dialled, StockPeers.Dialling.OWN_ONLY, direct, ours);
    }

    FuzzedConnection(
            Random random,
            TransportConfig config,
            boolean dialled,
            StockPeers.Dialling dialling,
            boolean direct,
            Hello ours) {
        this.random = random;
        // Its counters are exact: Netty's leak detector would have to wait for the garbage collector.
        allocator = new UnpooledByteBufAllocator(direct, true);
        // What has come of one frame, the same again while the buffer grows, and the answers.
        memoryLimitBytes = 4L * config.maxFrameBytes();
        TransportContext context = new TransportContext(config, null, this, stats, LineLog.silent());
        context.introduceAs(ours);
        IpAddress peer = dialled ? IpAddresses.of(ours.address()) : null;
        connection = new PeerConnection(context, this, peer, ours, dialling);
        ChannelInitializer<Channel> handlers = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                connection.addTo(made.pipeline());
            }
        };
        channel = new EmbeddedChannel(null, DefaultChannelId.newInstance(), false, false, handlers);
        channel.config().setAllocator(allocator);
        try {
            channel.register();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says these bytes in pieces of any size. */
    void hear(byte[] bytes) {
        for (int at = 0; at < bytes.length && channel.isOpen(); ) {
            int piece = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length - at) : bytes.length - at;
            channel.writeInbound(allocator.buffer(piece).writeBytes(bytes, at, piece));
            at += piece;
            checkAnswers();
            if (metric() > memoryLimitBytes) {
                throw new AssertionError(metric() + " bytes in buffers");
            }
        }
    }

    Optional<Refusal> ending() {
        return ending;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** True if it speaks as JGroups' TCP does. */
    boolean isStock() {
        return connection.framing() == Framing.STOCK;
    }

    boolean isAuthenticated() {
        return stats.openConnections.get() == 1;
    }

    /** This side closes it. */
    void closeGracefully() {
        connection.closeGracefully();
        channel.runPendingTasks();
    }

    /** True if it speaks for a member once its address is proved. */
    boolean speaksForMember() {
        connection.prove();
        return connection.speaksForMember();
    }

    /** The peer reads nothing any more. */
    void stopReading() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    /** The number of questions that were answered. */
    int answers() {
        return answers;
    }

    private void checkAnswers() {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            try {
                // A peer on JGroups' TCP is told nothing that has a type.
                while (out.isReadable() && connection.framing() == Framing.OWN) {
                    int lengthBytes = out.readInt();
                    answers += FrameType.of(out.getByte(out.readerIndex())) == FrameType.ANSWER ? 1 : 0;
                    out.skipBytes(lengthBytes);
                }
            } finally {
                out.release();
            }
        }
    }

    private long metric() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    /** Ends it as the network does, and counts what it left behind. */
    @Override
    public void close() {
        channel.close();
        channel.runPendingTasks();
        checkAnswers();
        assertThat(channel.runScheduledPendingTasks()).as("timers left").isEqualTo(-1);
        channel.finishAndReleaseAll();
        assertThat(metric()).as("bytes in buffers left").isZero();
        assertThat(closed).as("reports of the end").isEqualTo(1);
        // A peer may say so of itself, without a place.
        assertThat(ending.stream()
                        .filter(why -> why.reason() == Refusal.Reason.INTERNAL_ERROR)
                        .toList())
                .filteredOn(why -> why.detail().contains(" at "))
                .as("exceptions that are no violations")
                .isEmpty();
        assertThat(stats.pendingHandshakes.get()).isZero();
        assertThat(stats.openConnections.get()).isZero();
    }

    @Override
    public void onHello(PeerConnection connection, Hello theirs) {
        if (random.nextInt(4) > 0) {
            connection.accept();
        } else if (random.nextBoolean()) {
            connection.refuse(new Refusal(Refusal.Reason.OTHER_CLUSTER, theirs.clusterName()));
        }
    }

    @Override
    public void onAccepted(PeerConnection connection) {
        connection.scheduleDrain();
    }

    @Override
    public void onConfirmed(PeerConnection connection) {
        connection.scheduleDrain();
    }

    @Override
    public void onAsked(PeerConnection connection, long attempt) {
        connection.say(FrameType.ANSWER, Claim.Answer.NOT_MINE.encode(attempt));
    }

    @Override
    public void onAnswered(PeerConnection connection, long attempt, Claim.Answer answer) {
        connection.ask(attempt);
    }

    @Override
    public void onClosed(PeerConnection connection) {
        closed++;
        // Netty would swallow what is thrown here.
        ending = connection.ending().refusal();
    }

    @Override
    public void onPeer(IpAddress peer, ByteBuffer member) {
        MemberIdentity.decode(member);
    }

    @Override
    public void onData(IpAddress sender, byte[] data, int offset, int length) {
        assertThat(data.length - offset).isGreaterThanOrEqualTo(length);
        dataBytes += length;
    }

    @Override
    public boolean isMember(ByteBuffer member) {
        return MemberIdentity.decode(member).isPresent();
    }
}
