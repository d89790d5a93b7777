package io.evenkeel.protocols.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestTransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.frame.BundleFormat;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.protocols.MsgStats;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.AsciiString;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class MulticastsTest {
    private static final int MAX_QUEUED_BYTES = 65_536;
    private static final List<IpAddress> PEERS = List.of(peer(1), peer(2), peer(3));

    private final TransportStats stats = new TransportStats();
    private final TransportContext wire =
            new TransportContext(TestTransportConfig.withQueue(MAX_QUEUED_BYTES), null, null, stats, LineLog.log());
    private final Queue<Runnable> control = new ArrayDeque<>();
    private final List<IpAddress> sentTo = new ArrayList<>();
    private final List<ByteBuf> frames = new ArrayList<>();
    private final List<Message> loopedBack = new ArrayList<>();
    private final Multicasts multicasts =
            new Multicasts(wire, UnpooledByteBufAllocator.DEFAULT, control::add, (peer, frame) -> {
                sentTo.add(peer);
                frames.add(frame);
            });

    MulticastsTest() {
        wire.bundleAs(new BundleFormat(new AsciiString("c"), 1000, new MsgStats(), messages -> {}));
        multicasts.reach(() -> PEERS, loopedBack::addAll);
    }

    private static IpAddress peer(int port) {
        return new IpAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static Message message() {
        return new BytesMessage(null, new byte[10]).setSrc(UUID.randomUUID());
    }

    private void run() {
        while (!control.isEmpty()) {
            control.remove().run();
        }
    }

    @Test
    void manyMessagesCostOneTaskAndOneFrameThatAllPeersShare() {
        for (int i = 0; i < 5; i++) {
            multicasts.send(message(), 100);
        }
        assertThat(control).hasSize(1);
        assertThat(loopedBack).as("before they are serialised").isEmpty();
        run();
        assertThat(sentTo).containsExactlyElementsOf(PEERS);
        assertThat(loopedBack).hasSize(5);
        frames.forEach(frame -> assertThat(frame.refCnt()).isEqualTo(3));
        frames.forEach(ByteBuf::release);
        assertThat(frames.get(0).refCnt()).isZero();
    }

    @Test
    void aLongQueueTakesTurnsWithOthers() {
        for (int i = 0; i < 17; i++) {
            multicasts.send(message(), 1000);
        }
        control.remove().run();
        assertThat(sentTo).hasSize(16 * PEERS.size());
        assertThat(control).hasSize(1);
        run();
        assertThat(sentTo).hasSize(17 * PEERS.size());
        frames.forEach(ByteBuf::release);
    }

    @Test
    void whatWaitsBehindAFailureGoesOn() {
        AtomicInteger asked = new AtomicInteger();
        multicasts.reach(
                () -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("only for this test");
                    }
                    return PEERS;
                },
                loopedBack::addAll);
        multicasts.send(message(), 1000);
        multicasts.send(message(), 1000);
        run();
        assertThat(sentTo).containsExactlyElementsOf(PEERS);
        assertThat(loopedBack).hasSize(2);
        frames.forEach(ByteBuf::release);
    }

    @Test
    void aFullQueueDropsForTheOthersOnly() {
        multicasts.send(message(), MAX_QUEUED_BYTES);
        Message over = message();
        multicasts.send(over, 1);
        assertThat(loopedBack).containsExactly(over);
        assertThat(stats.framesDropped.sum()).isEqualTo(1);
        run();
        assertThat(loopedBack).hasSize(2);
        frames.forEach(ByteBuf::release);
    }
}
