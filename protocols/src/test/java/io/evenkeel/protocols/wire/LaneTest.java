package io.evenkeel.protocols.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final WireStats stats = new WireStats();
    private final Lane lane = new Lane(new IpAddress(InetAddress.getLoopbackAddress(), 1), 100, stats);

    private static ByteBuf frame(int bytes) {
        return Unpooled.wrappedBuffer(new byte[bytes]);
    }

    @Test
    void dropsAboveItsBoundAndCounts() {
        assertThat(lane.offer(frame(99))).isTrue();
        assertThat(lane.offer(frame(1))).isTrue();
        ByteBuf over = frame(1);
        assertThat(lane.offer(over)).isFalse();
        assertThat(over.refCnt()).isZero();
        assertThat(lane.queuedBytes()).isEqualTo(100);
        assertThat(stats.framesDropped.sum()).isEqualTo(1);
        lane.poll().release();
        assertThat(lane.queuedBytes()).isEqualTo(1);
        assertThat(lane.offer(frame(100))).isFalse();
        assertThat(lane.offer(frame(99))).isTrue();
        lane.discard();
    }

    @Test
    void keepsTheOrder() {
        for (int i = 1; i <= 5; i++) {
            lane.offer(frame(i));
        }
        for (int i = 1; i <= 5; i++) {
            ByteBuf polled = lane.poll();
            assertThat(polled.readableBytes()).isEqualTo(i);
            polled.release();
        }
        assertThat(lane.poll()).isNull();
    }

    @Test
    void keepsNothingOnceRetired() {
        ByteBuf before = frame(10);
        lane.offer(before);
        lane.retire();
        ByteBuf after = frame(10);
        assertThat(lane.offer(after)).isFalse();
        assertThat(before.refCnt()).isZero();
        assertThat(after.refCnt()).isZero();
        assertThat(lane.isEmpty()).isTrue();
        assertThat(lane.queuedBytes()).isZero();
        assertThat(stats.framesDropped.sum()).isEqualTo(2);
    }
}
