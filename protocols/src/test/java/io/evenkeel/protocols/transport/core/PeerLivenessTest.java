package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.core.LivenessEnd.How;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerLivenessTest {
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(3);

    private record Link(Hello theirs, boolean isProven, long attemptNumber) implements PeerLink {}

    private final PeerLiveness<Link> liveness = new PeerLiveness<>();

    private static Link link(long incarnation) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        return new Link(new Hello("c", address, incarnation, ByteBuffer.allocate(0)), true, 0);
    }

    private static LivenessEnd finished(long atNs) {
        return new LivenessEnd(How.FINISHED, true, atNs);
    }

    @Test
    void theEndOfTheLastOneIsEvidenceUntilTheWindowIsOver() {
        Link taken = link(1);
        Link dialled = link(1);
        assertThat(liveness.arrived(taken)).isNull();
        assertThat(liveness.accepted(dialled)).isNull();
        assertThat(liveness.ended(taken, finished(0), 0)).isTrue();
        assertThat(liveness.isLost(0, WINDOW_NS)).isFalse();
        assertThat(liveness.ended(dialled, finished(1), 0)).isTrue();
        assertThat(liveness.isLost(1 + WINDOW_NS, WINDOW_NS)).isTrue();
        assertThat(liveness.isLost(2 + WINDOW_NS, WINDOW_NS)).isFalse();
        assertThat(liveness.accepted(link(1))).isNull();
        assertThat(liveness.isLost(2, WINDOW_NS)).isFalse();
    }

    @Test
    void aReplacedOneSaysNothing() {
        Link first = link(1);
        Link second = link(1);
        liveness.arrived(first);
        assertThat(liveness.arrived(second)).isSameAs(first);
        assertThat(liveness.ended(first, finished(0), 0)).isFalse();
        assertThat(liveness.isOpen()).isTrue();
    }

    @Test
    void theNextOneWaitsAfterAnEndAndLongerAfterFailures() {
        assertThat(liveness.waitMs(0)).isZero();
        Link dialled = link(1);
        liveness.accepted(dialled);
        liveness.ended(dialled, finished(0), 0);
        assertThat(liveness.waitMs(0)).isEqualTo(500);
        liveness.failed(0, 0);
        assertThat(liveness.waitMs(0)).isEqualTo(1_000);
        liveness.proved();
        assertThat(liveness.waitMs(0)).isZero();
    }

    @Test
    void anotherProcessStartsAnew() {
        Link old = link(1);
        Link current = link(2);
        liveness.arrived(old);
        liveness.accepted(current);
        assertThat(liveness.forgetAllBut(2)).containsExactly(old);
        assertThat(liveness.open()).containsExactly(current);
        liveness.ended(current, finished(0), 0);
        assertThat(liveness.isLost(0, WINDOW_NS)).isTrue();
        liveness.forgetAllBut(3);
        assertThat(liveness.isLost(0, WINDOW_NS)).isFalse();
    }
}
