package io.evenkeel.protocols.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockFrame;
import io.evenkeel.protocols.transport.core.StockGreeting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final int LIMIT = 1000;

    private final List<String> frames = new ArrayList<>();

    private EmbeddedChannel channel(int limitBytes) {
        return channel(limitBytes, Framing.OWN);
    }

    private EmbeddedChannel channel(int limitBytes, Framing framing) {
        return new EmbeddedChannel(new FrameReader(limitBytes) {
            {
                readAs(framing);
            }

            @Override
            public void frame(ChannelHandlerContext ctx, FrameType type, byte[] bytes, int offset, int bodyBytes) {
                frames.add(name(type, Arrays.copyOfRange(bytes, offset, offset + bodyBytes)));
            }
        });
    }

    private EmbeddedChannel channel() {
        return channel(LIMIT);
    }

    private static String name(FrameType type, byte[] body) {
        return type + " " + body.length + " " + Arrays.hashCode(body);
    }

    private static ByteBuf frame(FrameType type, byte[] body) {
        return Unpooled.buffer()
                .writeInt(1 + body.length)
                .writeByte(type.code())
                .writeBytes(body);
    }

    private static ByteBuf frame(FrameType type, int bodyBytes) {
        return frame(type, new byte[bodyBytes]);
    }

    @ParameterizedTest
    @CsvSource({"1000, 500, false", "1000, 500, true", "300000, 50, false", "300000, 50, true"})
    void framesAreTheSameHoweverTheyAreCut(int limitBytes, int count, boolean direct) {
        long seed = System.nanoTime();
        System.out.println("FrameReaderTest seed " + seed);
        Random random = new Random(seed);
        ByteBuf stream = Unpooled.buffer();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[random.nextInt(limitBytes)];
            random.nextBytes(body);
            sent.add(name(FrameType.DATA, body));
            stream.writeBytes(frame(FrameType.DATA, body));
        }
        EmbeddedChannel channel = channel(limitBytes);
        while (stream.isReadable()) {
            // Now and then a few bytes, so that the length field is cut as well.
            int upTo = random.nextInt(4) == 0 ? 4 : 2 * limitBytes;
            int bytes = Math.min(stream.readableBytes(), 1 + random.nextInt(upTo));
            ByteBuf piece = direct ? Unpooled.directBuffer(bytes) : Unpooled.buffer(bytes);
            channel.writeInbound(piece.writeBytes(stream, bytes));
            assertThat(piece.refCnt()).isZero();
        }
        assertThat(frames).as("seed %d", seed).isEqualTo(sent);
        channel.finishAndReleaseAll();
    }

    @Test
    void framesOfJGroupsTcpAreDataAndItsGracefulCloseIsAGoodbye() {
        long seed = System.nanoTime();
        System.out.println("FrameReaderTest stock seed " + seed);
        Random random = new Random(seed);
        ByteBuf stream = Unpooled.buffer();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] body = new byte[1 + random.nextInt(LIMIT)];
            random.nextBytes(body);
            sent.add(name(FrameType.DATA, body));
            stream.writeInt(body.length).writeBytes(body);
        }
        sent.add(name(FrameType.GOODBYE, new byte[0]));
        stream.writeInt(StockFrame.GRACEFUL_CLOSE);
        EmbeddedChannel channel = channel(LIMIT, Framing.STOCK);
        while (stream.isReadable()) {
            int bytes = Math.min(stream.readableBytes(), 1 + random.nextInt(2 * LIMIT));
            channel.writeInbound(stream.readRetainedSlice(bytes));
        }
        assertThat(frames).as("seed %d", seed).isEqualTo(sent);
        channel.finishAndReleaseAll();
        stream.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -4, -6, LIMIT + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void otherLengthsOfJGroupsTcpAreViolations(int length) {
        EmbeddedChannel channel = channel(LIMIT, Framing.STOCK);
        channel.writeInbound(Unpooled.buffer().writeInt(LIMIT).writeZero(LIMIT));
        channel.writeInbound(Unpooled.buffer().writeInt(1).writeZero(1));
        assertThat(frames).hasSize(2);
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(length)))
                .isInstanceOf(ProtocolViolationException.class);
        channel.finishAndReleaseAll();
    }

    /** Where it is not understood, it is called by its name. */
    @Test
    void aGreetingOfJGroupsTcpIsRefusedByItsName() {
        EmbeddedChannel channel = channel();
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(StockGreeting.COOKIE)))
                .isInstanceOfSatisfying(ProtocolViolationException.class, violation -> assertThat(violation.reason())
                        .isEqualTo(Refusal.Reason.STOCK_PEER));
        channel.finishAndReleaseAll();
    }

    @Test
    void theLimitIsExact() {
        EmbeddedChannel channel = channel();
        channel.writeInbound(frame(FrameType.DATA, LIMIT - 1));
        assertThat(frames).containsExactly(name(FrameType.DATA, new byte[LIMIT - 1]));
        assertThatThrownBy(() -> channel.writeInbound(frame(FrameType.DATA, LIMIT)))
                .isInstanceOf(ProtocolViolationException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void anAnnouncedLengthAllocatesNothing() {
        EmbeddedChannel channel = channel();
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(Integer.MAX_VALUE)))
                .isInstanceOf(ProtocolViolationException.class);
        channel.finishAndReleaseAll();
        assertThat(frames).isEmpty();
    }

    @Test
    void whatFollowsAViolationIsNotRead() {
        EmbeddedChannel channel = channel();
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(-1)))
                .isInstanceOf(ProtocolViolationException.class);
        ByteBuf next = frame(FrameType.DATA, 1);
        channel.writeInbound(next);
        assertThat(frames).isEmpty();
        assertThat(next.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void garbageEndsInAViolationOrInNothing() {
        long seed = System.nanoTime();
        System.out.println("FrameReaderTest garbage seed " + seed);
        Random random = new Random(seed);
        int violations = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            if (garbage.length > 3 && random.nextBoolean()) {
                // A length that is allowed, so that the type and the body are reached.
                garbage[0] = 0;
                garbage[1] = 0;
                garbage[2] = 0;
            }
            EmbeddedChannel channel = channel();
            try {
                channel.writeInbound(Unpooled.wrappedBuffer(garbage));
            } catch (ProtocolViolationException e) {
                violations++;
            } finally {
                channel.finishAndReleaseAll();
            }
        }
        assertThat(violations).as("seed %d", seed).isBetween(1, 19_999);
    }
}
