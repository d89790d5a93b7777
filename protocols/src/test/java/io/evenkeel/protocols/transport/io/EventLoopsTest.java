package io.evenkeel.protocols.transport.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.transport.TestMembers;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.junit.jupiter.api.Test;

/** Shared threads, and their end. */
class EventLoopsTest {
    private static List<Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("evenkeel-wire"))
                .map(Thread::getId)
                .sorted()
                .toList();
    }

    private static int defaultThreads() {
        return Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    }

    @Test
    void theLastOneOfSeveralEndsThem() {
        EventLoops first = EventLoops.acquire(0);
        EventLoops second = EventLoops.acquire(0);
        EventLoops own = EventLoops.acquire(1);
        assertThat(second).isSameAs(first);
        assertThat(own).isNotSameAs(first);
        assertThat(first.release()).isTrue();
        assertThat(second.next().submit(() -> {}).awaitUninterruptibly(5_000)).isTrue();
        assertThat(own.release()).isTrue();
        assertThat(second.release()).isTrue();
        assertThat(second.next().isTerminated()).isTrue();
        EventLoops next = EventLoops.acquire(0);
        assertThat(next).isNotSameAs(first);
        assertThat(next.release()).isTrue();
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void channelsShareThreadsAndTheOthersLiveOnWhenOneCloses() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel[] channels = new JChannel[4];
            for (int i = 0; i < channels.length; i++) {
                channels[i] = members.join("M" + i, "shared", TestMembers.secure());
            }
            TestMembers.awaitView(4, channels);
            assertThat(threads()).hasSizeLessThanOrEqualTo(defaultThreads());
            channels[3].close();
            TestMembers.awaitView(3, channels[0], channels[1], channels[2]);
            assertThat(TestMembers.of(channels[3]).getOpenConnections()).isZero();
            assertThat(threads()).isNotEmpty();
            assertThat(Stream.of(channels).limit(3).map(TestMembers::of))
                    .allSatisfy(
                            transport -> assertThat(transport.getSuspectsSent()).isZero());
        }
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void aNumberOfThreadsMeansThreadsOfItsOwn() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY alone = TestMembers.secure();
            alone.setValue("event_loop_threads", 1);
            JChannel a = members.join("A", "own", alone);
            JChannel b = members.join("B", "own", TestMembers.secure());
            TestMembers.awaitView(2, a, b);
            b.close();
            Awaitility.await().untilAsserted(() -> assertThat(threads()).hasSize(1));
            TestMembers.awaitView(1, a);
        }
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void aFailedStartGivesThemBack() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "taken", TestMembers.secure());
            TCP_NETTY second = TestMembers.secure();
            second.setBindPort(TestMembers.of(a).getBoundPort());
            second.setPortRange(0);
            JChannel b = members.channel("B", second, new org.jgroups.protocols.LOCAL_PING());
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> b.connect("taken"))
                    .hasStackTraceContaining("cannot listen on");
        }
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }
}
