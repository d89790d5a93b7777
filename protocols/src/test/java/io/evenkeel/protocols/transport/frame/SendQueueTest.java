package io.evenkeel.protocols.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.config.TransportStats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendQueueTest {
    private final TransportStats stats = new TransportStats();
    private final SendQueue queue = new SendQueue(100, stats);

    private static ByteBuf frame(int bytes) {
        return Unpooled.wrappedBuffer(new byte[bytes]);
    }

    private boolean offer(ByteBuf frame) {
        return queue.offer(new OutboundMessage(frame));
    }

    private ByteBuf poll() {
        OutboundMessage first = queue.peek();
        return first != null && queue.take(first) ? first.frame : null;
    }

    @Test
    void dropsAboveItsBoundAndCounts() {
        assertThat(offer(frame(99))).isTrue();
        assertThat(offer(frame(1))).isTrue();
        ByteBuf over = frame(1);
        assertThat(offer(over)).isFalse();
        assertThat(over.refCnt()).isZero();
        assertThat(queue.queuedBytes()).isEqualTo(100);
        assertThat(stats.framesDropped.sum()).isEqualTo(1);
        assertThat(stats.drops(TransportStats.Drop.QUEUE_FULL)).isEqualTo(1);
        assertThat(queue.dropped()).isEqualTo(1);
        poll().release();
        assertThat(queue.queuedBytes()).isEqualTo(1);
        assertThat(offer(frame(100))).isFalse();
        assertThat(offer(frame(99))).isTrue();
        queue.discard();
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101, 1000})
    void takesAnythingWhenNothingWaits(int bytes) {
        assertThat(offer(frame(bytes))).isTrue();
        assertThat(queue.queuedBytes()).isEqualTo(bytes);
        assertThat(offer(frame(1))).isEqualTo(bytes < 100);
        poll().release();
        queue.discard();
        assertThat(queue.queuedBytes()).isZero();
        assertThat(offer(frame(bytes))).isTrue();
        queue.discard();
    }

    @Test
    void keepsTheOrder() {
        for (int i = 1; i <= 5; i++) {
            offer(frame(i));
        }
        for (int i = 1; i <= 5; i++) {
            ByteBuf polled = poll();
            assertThat(polled.readableBytes()).isEqualTo(i);
            polled.release();
        }
        assertThat(poll()).isNull();
    }

    @Test
    void keepsNothingOnceRetired() {
        ByteBuf before = frame(10);
        offer(before);
        queue.retire();
        ByteBuf after = frame(10);
        assertThat(offer(after)).isFalse();
        assertThat(before.refCnt()).isZero();
        assertThat(after.refCnt()).isZero();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.queuedBytes()).isZero();
        assertThat(stats.framesDropped.sum()).isEqualTo(2);
        assertThat(stats.drops(TransportStats.Drop.NOT_CONNECTED)).isEqualTo(2);
        stats.reset();
        assertThat(stats.drops(TransportStats.Drop.NOT_CONNECTED)).isZero();
    }
}
