package io.evenkeel.protocols.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int LIMIT = 1000;

    private final List<String> frames = new ArrayList<>();

    private EmbeddedChannel channel() {
        return new EmbeddedChannel(new FrameReader(LIMIT) {
            @Override
            void frame(ChannelHandlerContext ctx, FrameType type, ByteBuf in, int bodyBytes) {
                assertThat(in.readableBytes()).isGreaterThanOrEqualTo(bodyBytes);
                frames.add(type + " " + bodyBytes);
            }
        });
    }

    private static ByteBuf frame(FrameType type, int bodyBytes) {
        return Unpooled.buffer().writeInt(1 + bodyBytes).writeByte(type.code()).writeZero(bodyBytes);
    }

    @Test
    void framesAreTheSameHoweverTheyAreCut() {
        long seed = System.nanoTime();
        System.out.println("FrameReaderTest seed " + seed);
        Random random = new Random(seed);
        ByteBuf stream = Unpooled.buffer();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int bodyBytes = random.nextInt(LIMIT);
            sent.add("DATA " + bodyBytes);
            stream.writeBytes(frame(FrameType.DATA, bodyBytes));
        }
        EmbeddedChannel channel = channel();
        while (stream.isReadable()) {
            channel.writeInbound(stream.readBytes(Math.min(stream.readableBytes(), 1 + random.nextInt(2 * LIMIT))));
        }
        assertThat(frames).as("seed %d", seed).isEqualTo(sent);
        channel.finishAndReleaseAll();
    }

    @Test
    void theLimitIsExact() {
        EmbeddedChannel channel = channel();
        channel.writeInbound(frame(FrameType.DATA, LIMIT - 1));
        assertThat(frames).containsExactly("DATA " + (LIMIT - 1));
        assertThatThrownBy(() -> channel.writeInbound(frame(FrameType.DATA, LIMIT)))
                .isInstanceOf(DecoderException.class)
                .hasCauseInstanceOf(ProtocolViolationException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void anAnnouncedLengthAllocatesNothing() {
        EmbeddedChannel channel = channel();
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(Integer.MAX_VALUE)))
                .hasCauseInstanceOf(ProtocolViolationException.class);
        channel.finishAndReleaseAll();
        assertThat(frames).isEmpty();
    }

    @Test
    void garbageEndsInAViolationOrInNothing() {
        long seed = System.nanoTime();
        System.out.println("FrameReaderTest garbage seed " + seed);
        Random random = new Random(seed);
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
            } catch (DecoderException e) {
                assertThat(e).as("seed %d", seed).hasCauseInstanceOf(ProtocolViolationException.class);
            } finally {
                channel.finishAndReleaseAll();
            }
        }
    }
}
