package io.evenkeel.protocols.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.config.TransportLog;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.protocols.MsgStats;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.AsciiString;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;

class FrameBuilderTest {
    private static final int MAX_BUNDLE_BYTES = 1000;
    private static final int MAX_FRAME_BYTES = 65_536;
    private static final Address SELF = UUID.randomUUID();
    private static final Address PEER = UUID.randomUUID();

    private final TransportStats stats = new TransportStats();
    private final List<Message> serialised = new ArrayList<>();
    private final FrameBuilder builder = new FrameBuilder(
            MAX_FRAME_BYTES, this::format, stats, new TransportLog(LineLog.log(), stats), serialised::addAll);
    private final SendQueue queue = new SendQueue(1 << 20, stats);
    private final List<Integer> frames = new ArrayList<>();
    private final MsgStats counted = new MsgStats().enable(true);

    private BundleFormat format() {
        return new BundleFormat(new AsciiString("c"), MAX_BUNDLE_BYTES, counted, frames::add);
    }

    private static Message message(Address destination, int number) {
        return new BytesMessage(destination, new byte[] {(byte) number}).setSrc(SELF);
    }

    private void offer(Message message, int bytes) {
        assertThat(queue.offer(new OutboundMessage(message, bytes))).isTrue();
    }

    /** The numbers of the messages in the next frame; empty if there is none. */
    private List<Integer> next() throws IOException, ClassNotFoundException {
        ByteBuf frame = builder.next(queue, UnpooledByteBufAllocator.DEFAULT);
        if (frame == null) {
            return List.of();
        }
        byte[] bytes = ByteBufUtil.getBytes(frame);
        frame.release();
        ByteArrayDataInputStream in = new ByteArrayDataInputStream(bytes);
        assertThat(in.readInt()).isEqualTo(bytes.length - FrameType.LENGTH_BYTES);
        assertThat(in.readByte()).isEqualTo(FrameType.DATA.code());
        in.readShort();
        boolean list = (in.readByte() & 1) == 1;
        List<Integer> numbers = new ArrayList<>();
        if (list) {
            MessageBatch batch = Util.readMessageBatch(in, false)[0];
            batch.forEach(each -> numbers.add((int) each.getArray()[each.getOffset()]));
        } else {
            Message alone = Util.readMessage(in);
            numbers.add((int) alone.getArray()[alone.getOffset()]);
        }
        return numbers;
    }

    @Test
    void whatWaitsGoesIntoOneFrameUpToTheBound() throws Exception {
        offer(message(PEER, 1), 400);
        offer(message(PEER, 2), 300);
        offer(message(PEER, 3), 300);
        offer(message(PEER, 4), 1);
        assertThat(next()).containsExactly(1, 2, 3);
        assertThat(next()).containsExactly(4);
        assertThat(next()).isEmpty();
        assertThat(queue.queuedBytes()).isZero();
        assertThat(counted.getNumBatchesSent()).isEqualTo(1);
        assertThat(counted.getNumSingleMsgsSent()).isEqualTo(1);
        assertThat(frames).hasSize(2).contains(1);
        assertThat(serialised).hasSize(4);
    }

    @Test
    void oneByteAboveTheBoundWaitsForTheNextFrame() throws Exception {
        offer(message(PEER, 1), 700);
        offer(message(PEER, 2), 301);
        assertThat(next()).containsExactly(1);
        assertThat(next()).containsExactly(2);
    }

    @Test
    void aMessageAboveTheBoundGoesAlone() throws Exception {
        offer(message(PEER, 1), MAX_BUNDLE_BYTES + 1);
        offer(message(PEER, 2), 1);
        assertThat(next()).containsExactly(1);
        assertThat(next()).containsExactly(2);
    }

    @Test
    void otherDestinationsAtTheSameAddressAreNotMixed() throws Exception {
        Address other = new IpAddress(InetAddress.getLoopbackAddress(), 1);
        offer(message(PEER, 1), 10);
        offer(message(other, 2), 10);
        offer(message(PEER, 3), 10);
        offer(message(PEER, 4), 10);
        assertThat(next()).containsExactly(1);
        assertThat(next()).containsExactly(2);
        assertThat(next()).containsExactly(3, 4);
    }

    @Test
    void aReadyFrameKeepsItsPlace() throws Exception {
        ByteBuf ready = Unpooled.wrappedBuffer(new byte[] {9});
        offer(message(PEER, 1), 10);
        queue.offer(new OutboundMessage(ready));
        offer(message(PEER, 2), 10);
        assertThat(next()).containsExactly(1);
        assertThat(builder.next(queue, UnpooledByteBufAllocator.DEFAULT)).isSameAs(ready);
        assertThat(next()).containsExactly(2);
        ready.release();
    }

    @Test
    void aMessageThatCannotBeSerialisedIsCountedAndStopsNothing() throws Exception {
        offer(new ObjectMessage(PEER, new Object()).setSrc(SELF), MAX_BUNDLE_BYTES);
        offer(message(PEER, 2), 10);
        assertThat(next()).containsExactly(2);
        assertThat(serialised).hasSize(1);
        assertThat(stats.framesDropped.sum()).isEqualTo(1);
        assertThat(stats.drops(TransportStats.Drop.UNSENDABLE)).isEqualTo(1);
    }

    @Test
    void aFrameAboveTheLimitOfThePeersIsNotSent() throws Exception {
        // As if it had grown by a header since it was measured.
        offer(new BytesMessage(PEER, new byte[MAX_FRAME_BYTES]).setSrc(SELF), MAX_FRAME_BYTES - 1);
        offer(message(PEER, 2), 10);
        assertThat(next()).containsExactly(2);
        assertThat(stats.framesDropped.sum()).isEqualTo(1);
        assertThat(stats.drops(TransportStats.Drop.UNSENDABLE)).isEqualTo(1);
    }
}
