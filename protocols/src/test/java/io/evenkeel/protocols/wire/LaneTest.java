package io.evenkeel.protocols.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {
    private final WireStats stats = new WireStats();
    private final Lane lane = new Lane(new IpAddress(InetAddress.getLoopbackAddress(), 1), 100, stats);

    private static ByteBuf frame(int bytes) {
        return Unpooled.wrappedBuffer(new byte[bytes]);
    }

    private boolean offer(ByteBuf frame) {
        return lane.offer(new Parcel(frame));
    }

    private ByteBuf poll() {
        Parcel first = lane.peek();
        return first != null && lane.take(first) ? first.frame : null;
    }

    @Test
    void dropsAboveItsBoundAndCounts() {
        assertThat(offer(frame(99))).isTrue();
        assertThat(offer(frame(1))).isTrue();
        ByteBuf over = frame(1);
        assertThat(offer(over)).isFalse();
        assertThat(over.refCnt()).isZero();
        assertThat(lane.queuedBytes()).isEqualTo(100);
        assertThat(stats.framesDropped.sum()).isEqualTo(1);
        assertThat(stats.drops(WireStats.Drop.QUEUE_FULL)).isEqualTo(1);
        assertThat(lane.dropped()).isEqualTo(1);
        poll().release();
        assertThat(lane.queuedBytes()).isEqualTo(1);
        assertThat(offer(frame(100))).isFalse();
        assertThat(offer(frame(99))).isTrue();
        lane.discard();
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101, 1000})
    void takesAnythingWhenNothingWaits(int bytes) {
        assertThat(offer(frame(bytes))).isTrue();
        assertThat(lane.queuedBytes()).isEqualTo(bytes);
        assertThat(offer(frame(1))).isEqualTo(bytes < 100);
        poll().release();
        lane.discard();
        assertThat(lane.queuedBytes()).isZero();
        assertThat(offer(frame(bytes))).isTrue();
        lane.discard();
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
        lane.retire();
        ByteBuf after = frame(10);
        assertThat(offer(after)).isFalse();
        assertThat(before.refCnt()).isZero();
        assertThat(after.refCnt()).isZero();
        assertThat(lane.isEmpty()).isTrue();
        assertThat(lane.queuedBytes()).isZero();
        assertThat(stats.framesDropped.sum()).isEqualTo(2);
        assertThat(stats.drops(WireStats.Drop.NOT_CONNECTED)).isEqualTo(2);
        stats.reset();
        assertThat(stats.drops(WireStats.Drop.NOT_CONNECTED)).isZero();
    }
}
