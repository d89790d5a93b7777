package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.tls.TlsSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two or more ends without JGroups on top, so that nothing is sent that the test does not send. */
public class TransportTest {
    private static final TlsMaterial MATERIAL = TestMembers.material();

    private final List<End> ends = new ArrayList<>();

    /** One end that takes every peer for a member. */
    private static final class End implements CalmListener {
        private final List<Integer> received = new CopyOnWriteArrayList<>();
        private final List<ByteBuffer> dead = new CopyOnWriteArrayList<>();
        private final List<Long> introduced = new CopyOnWriteArrayList<>();
        private final AtomicInteger receivedWhenIntroduced = new AtomicInteger(-1);
        private final TransportStats stats = new TransportStats();
        private final Transport wire;
        private volatile boolean takesAllForMembers = true;

        End(int port, long incarnation, long graceMs, IpAddress announced) throws Exception {
            this(TestTransportConfig.of(port, announced, 1 << 20, graceMs), incarnation);
        }

        End(TransportConfig config, long incarnation) throws Exception {
            this(config, incarnation, MATERIAL);
        }

        End(TransportConfig config, long incarnation, TlsMaterial material) throws Exception {
            wire = new Transport(config, TlsSettings.of(material), incarnation, this, stats, LineLog.log());
            wire.open("wire", ByteBuffer.allocate(8).putLong(0, incarnation), "1.2.3");
        }

        void send(IpAddress peer, int number) {
            byte[] data = ByteBuffer.allocate(4).putInt(0, number).array();
            wire.send(peer, data, 0, data.length);
        }

        @Override
        public void onPeer(IpAddress peer, ByteBuffer member) {
            introduced.add(member.getLong(0));
            receivedWhenIntroduced.set(received.size());
        }

        @Override
        public void onData(IpAddress sender, byte[] data, int offset, int length) {
            received.add(ByteBuffer.wrap(data, offset, length).getInt());
        }

        @Override
        public boolean isMember(ByteBuffer member) {
            return takesAllForMembers;
        }

        @Override
        public void onDead(ByteBuffer member) {
            dead.add(member);
        }
    }

    private End end(long incarnation) throws Exception {
        return end(0, incarnation, 60_000);
    }

    private End end(int port, long incarnation, long graceMs) throws Exception {
        End end = new End(port, incarnation, graceMs, null);
        ends.add(end);
        return end;
    }

    /** One end that says it lives where another one lives. */
    private End impostor(End victim, long incarnation) throws Exception {
        End end = new End(0, incarnation, 60_000, victim.wire.address());
        ends.add(end);
        return end;
    }

    @AfterEach
    void shutDown() {
        ends.forEach(end -> end.wire.shutdown());
    }

    @Test
    void simultaneousConnectsLeaveOneConnectionAndLoseNothing() throws Exception {
        int rounds = 25;
        int messages = 20;
        for (int round = 0; round < rounds; round++) {
            End a = end(2 * round + 1);
            End b = end(2 * round + 2);
            CyclicBarrier together = new CyclicBarrier(2);
            Thread[] senders = {sender(a, b, together, messages), sender(b, a, together, messages)};
            for (Thread sender : senders) {
                sender.join();
            }
            Awaitility.await().untilAsserted(() -> {
                assertThat(a.received).hasSize(messages);
                assertThat(b.received).hasSize(messages);
                assertThat(a.stats.openConnections.get()).isEqualTo(1);
                assertThat(b.stats.openConnections.get()).isEqualTo(1);
            });
            assertThat(a.stats.framesDropped.sum() + b.stats.framesDropped.sum())
                    .isZero();
            assertThat(a.dead).isEmpty();
            shutDown();
            ends.clear();
        }
    }

    private static Thread sender(End from, End to, CyclicBarrier together, int messages) {
        Thread thread = new Thread(() -> {
            try {
                together.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            for (int i = 0; i < messages; i++) {
                from.send(to.wire.address(), i);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void bothSidesKnowEachOtherBeforeTheFirstMessage() throws Exception {
        End a = end(1);
        End b = end(2);
        a.send(b.wire.address(), 1);
        Awaitility.await().until(() -> b.received.size() == 1);

        assertThat(b.introduced).containsExactly(1L);
        assertThat(b.receivedWhenIntroduced).hasValue(0);
        assertThat(a.introduced).containsExactly(2L);
    }

    @Test
    void renewalUnderLoadLosesNothing() throws Exception {
        End a = end(1);
        End b = end(2);
        int rounds = 20;
        int perRound = 200;
        for (int round = 0; round < rounds; round++) {
            long before = a.stats.reconnects.sum() + b.stats.reconnects.sum();
            CyclicBarrier together = new CyclicBarrier(2);
            Thread[] senders = {sender(a, b, together, perRound), sender(b, a, together, perRound)};
            a.wire.renewConnections();
            if (round % 2 == 0) {
                b.wire.renewConnections();
            }
            for (Thread sender : senders) {
                sender.join();
            }
            int sent = (round + 1) * perRound;
            int first = round;
            Awaitility.await().untilAsserted(() -> {
                assertThat(a.received).hasSize(sent);
                assertThat(b.received).hasSize(sent);
                assertThat(a.stats.openConnections.get()).isEqualTo(1);
                assertThat(b.stats.openConnections.get()).isEqualTo(1);
                assertThat(first == 0 || a.stats.reconnects.sum() + b.stats.reconnects.sum() > before)
                        .as("renewed in round %d", first)
                        .isTrue();
            });
        }
        assertThat(a.stats.framesDropped.sum() + b.stats.framesDropped.sum()).isZero();
        assertThat(a.dead).isEmpty();
        assertThat(b.dead).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 666})
    void claimToTheAddressOfALivingPeerIsRefused(long incarnation) throws Exception {
        End a = end(1);
        End b = end(2);
        a.send(b.wire.address(), 1);
        Awaitility.await().until(() -> b.received.contains(1));
        // With the incarnation that anybody can learn by a probe, and with one of its own.
        End c = impostor(b, incarnation);
        c.send(a.wire.address(), 9);
        Awaitility.await()
                .until(() -> a.stats.refused(Refusal.Reason.ADDRESS_TAKEN).sum() == 1);
        a.send(b.wire.address(), 2);
        b.send(a.wire.address(), 3);
        Awaitility.await().until(() -> b.received.contains(2) && a.received.contains(3));
        assertThat(a.received).doesNotContain(9);
        assertThat(c.received).isEmpty();
        assertThat(a.dead).isEmpty();
        assertThat(a.stats.reconnects.sum()).isZero();
    }

    @Test
    void whoeverTakesTheAddressOverIsLetIn() throws Exception {
        End a = end(1);
        End b = end(2);
        a.send(b.wire.address(), 1);
        Awaitility.await().until(() -> b.received.contains(1));
        b.wire.leave();
        b.wire.shutdown();
        Awaitility.await().until(() -> a.stats.openConnections.get() == 0);
        // It is a member still, and now another process speaks first.
        End next = end(b.wire.address().getPort(), 3, 60_000);
        next.send(a.wire.address(), 2);
        Awaitility.await().until(() -> a.received.contains(2));
        assertThat(a.dead).containsExactly(ByteBuffer.allocate(8).putLong(0, 2));
    }

    @Test
    void anotherProcessAtTheAddressMeansThatTheFirstIsDead() throws Exception {
        End a = end(1);
        End b = end(2);
        a.send(b.wire.address(), 1);
        Awaitility.await().until(() -> b.received.size() == 1);
        // It leaves politely, so that the loss alone is no reason to suspect it.
        b.wire.leave();
        b.wire.shutdown();
        Awaitility.await().until(() -> a.stats.openConnections.get() == 0);
        assertThat(a.dead).isEmpty();
        End next = end(b.wire.address().getPort(), 3, 60_000);
        a.send(next.wire.address(), 2);
        Awaitility.await().until(() -> next.received.contains(2));
        assertThat(a.dead).containsExactly(ByteBuffer.allocate(8).putLong(0, 2));
    }

    /** A peer behind a proxy, so that others reach it by the proxy only; it never dials them by itself. */
    private End behind(RecordingProxy proxy, long incarnation) throws Exception {
        End end = new End(0, incarnation, 60_000, new IpAddress(InetAddress.getLoopbackAddress(), proxy.port()));
        end.takesAllForMembers = false;
        ends.add(end);
        proxy.forwardTo(end.wire.boundPort());
        return end;
    }

    private End patient(long minRefusalMs, int handshakeTimeoutMs) throws Exception {
        End end = new End(TestTransportConfig.patient(minRefusalMs, handshakeTimeoutMs), 1);
        ends.add(end);
        return end;
    }

    @Test
    void aFirewallThatRejectsForAMomentKillsNobody() throws Exception {
        End a = patient(30_000, TestTransportConfig.HANDSHAKE_TIMEOUT_MS);
        RecordingProxy before = new RecordingProxy();
        End b = behind(before, 2);
        a.send(b.wire.address(), 1);
        Awaitility.await().until(() -> b.received.contains(1));
        before.die();
        // Enough of them for a proof, were it not for their time.
        Awaitility.await().until(() -> a.stats.connectsFailed.sum() > 5);
        try (RecordingProxy after = new RecordingProxy(before.port())) {
            after.forwardTo(b.wire.boundPort());
            Awaitility.await().until(() -> a.stats.openConnections.get() == 1);
            a.send(b.wire.address(), 2);
            Awaitility.await().until(() -> b.received.contains(2));
        }
        assertThat(a.dead).isEmpty();
        assertThat(a.stats.suspectsRefused.sum()).isEqualTo(1);
    }

    @Test
    void aRefusalAfterSilenceIsADeathToo() throws Exception {
        End a = patient(50, 1000);
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RecordingProxy proxy = new RecordingProxy()) {
            End b = behind(proxy, 2);
            Awaitility.await().until(() -> {
                a.send(b.wire.address(), 1);
                return b.received.contains(1);
            });
            proxy.forwardTo(deaf.getLocalPort());
            b.wire.shutdown();
            Awaitility.await().until(() -> a.stats.suspectsRefused.sum() == 1);
            assertThat(a.dead).isEmpty();
            proxy.die();
            // A silent peer is dialled again when there is something to be sent, as heartbeats are.
            Awaitility.await().until(() -> {
                a.send(b.wire.address(), 2);
                return !a.dead.isEmpty();
            });
            assertThat(a.dead).containsExactly(ByteBuffer.allocate(8).putLong(0, 2));
            assertThat(a.stats.suspectsRefused.sum()).isEqualTo(1);
        }
    }

    /** As when the list of revoked certificates has to be fetched and its server does not answer. */
    @Test
    void aCheckThatWaitsHoldsNoOtherHandshakeUp() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger checks = new AtomicInteger();
        TlsMaterial waiting = new TlsMaterial(MATERIAL.keyManager(), new SlowTrust(MATERIAL.trustManager(), () -> {
            if (checks.getAndIncrement() == 0) {
                answer.await();
            }
        }));
        End a = new End(TestTransportConfig.patient(50, TestTransportConfig.HANDSHAKE_TIMEOUT_MS), 1, waiting);
        ends.add(a);
        End slow = end(2);
        slow.send(a.wire.address(), 1);
        Awaitility.await().until(() -> checks.get() == 1);
        End b = end(3);
        b.send(a.wire.address(), 2);
        Awaitility.await().until(() -> a.received.contains(2));
        assertThat(a.received).doesNotContain(1);
        answer.countDown();
        Awaitility.await().until(() -> {
            slow.send(a.wire.address(), 1);
            return a.received.contains(1);
        });
    }

    @Test
    void clearedConnectionsAreMadeAgainAndNobodyIsTakenForDead() throws Exception {
        End a = end(1);
        End b = end(2);
        for (int i = 0; i < 4; i++) {
            int number = i;
            long before = a.stats.reconnects.sum();
            Awaitility.await().until(() -> {
                a.send(b.wire.address(), number);
                return b.received.contains(number);
            });
            assertThat(a.wire.printConnections())
                    .contains(b.wire.address().toString(), "OPEN", "TLSv1.3", "dropped: 0");
            a.wire.clearConnections(i % 2 == 0);
            // Without a word it looks like a death, so that both try at once to make it again.
            Awaitility.await().until(() -> a.stats.openConnections.get() == 0 || a.stats.reconnects.sum() > before);
        }
        assertThat(a.dead).isEmpty();
        assertThat(b.dead).isEmpty();
    }

    @Test
    void failedConnectDropsCountsAndTriesAgainOnTheNextSend() throws Exception {
        End a = end(1);
        int port = TestPorts.free();
        IpAddress nobody = new IpAddress(InetAddress.getLoopbackAddress(), port);
        a.send(nobody, 1);
        Awaitility.await().until(() -> a.stats.framesDropped.sum() == 1);
        assertThat(a.wire.queuedBytes()).isZero();
        assertThat(a.dead).isEmpty();
        End b = end(port, 2, 60_000);
        a.send(b.wire.address(), 2);
        Awaitility.await().until(() -> b.received.contains(2));
    }

    @Test
    void silentPeerHoldsAtMostItsBoundAndNobodyElse() throws Exception {
        End a = end(1);
        End b = end(2);
        try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            IpAddress silent = new IpAddress(InetAddress.getLoopbackAddress(), deaf.getLocalPort());
            byte[] large = new byte[100_000];
            for (int i = 0; i < 20; i++) {
                a.wire.send(silent, large, 0, large.length);
            }
            assertThat(a.wire.queuedBytes()).isBetween(900_000L, 1L << 20);
            assertThat(a.stats.framesDropped.sum()).isEqualTo(10);
            assertThat(a.stats.drops(TransportStats.Drop.QUEUE_FULL)).isEqualTo(10);
            assertThat(a.wire.queuedBytesMax()).isEqualTo(a.wire.queuedBytes());
            assertThat(a.wire.queued()).isEqualTo(10);
            assertThat(a.wire.queuedBytesByPeer()).isEqualTo(silent + "=" + a.wire.queuedBytes());
            assertThat(a.wire.printConnections())
                    .isEqualTo(silent + " (not connected), queued bytes: " + a.wire.queuedBytes() + ", dropped: 10");
            a.send(b.wire.address(), 7);
            Awaitility.await().until(() -> b.received.contains(7));
        }
    }

    @Test
    void idleConnectionsToStrangersAreClosedPolitely() throws Exception {
        End a = end(0, 1, 50);
        End b = end(2);
        a.wire.retain(Set.of(b.wire.address()));
        a.send(b.wire.address(), 1);
        Awaitility.await().until(() -> b.received.size() == 1);
        End member = end(3);
        a.wire.retain(Set.of(member.wire.address()));
        a.send(member.wire.address(), 1);
        Awaitility.await().until(() -> member.received.size() == 1);
        Awaitility.await().until(() -> b.stats.openConnections.get() == 0);
        assertThat(b.dead).isEmpty();
        assertThat(member.stats.openConnections.get()).isEqualTo(1);
    }

    @Test
    void messageAboveTheFrameLimitIsRefusedByName() throws Exception {
        End a = end(1);
        int limit = (1 << 20) - 1;
        a.wire.send(a.wire.address(), new byte[limit], 0, limit);
        assertThatThrownBy(() -> a.wire.send(a.wire.address(), new byte[limit + 1], 0, limit + 1))
                .hasMessageContaining("max_frame_size=1048576");
    }
}
