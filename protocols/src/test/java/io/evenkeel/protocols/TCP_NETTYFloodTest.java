package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.ClientHello;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Strangers who open connections and never introduce themselves, on real sockets, while two members exchange messages
 * all the time: the messages go on, the strangers are bounded in number, time and bytes, and leave no memory behind.
 */
class TCP_NETTYFloodTest {
    private static final int MAX_PENDING = 16;
    private static final int STRANGERS = 300;
    private static final long HEAP_SLACK_BYTES = 24L << 20;

    private final TestMembers members = new TestMembers();
    private final AtomicLong answers = new AtomicLong();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private JChannel a;
    private JChannel b;
    private long heapBytes;

    @BeforeEach
    void talkingMembers() throws Exception {
        System.out.println("TCP_NETTYFloodTest seed " + seed);
        TCP_NETTY target = TestMembers.secure();
        target.max_pending_handshakes = MAX_PENDING;
        target.handshake_timeout = 1_000;
        a = members.join("A", "flood", target, channel -> answerAll(channel, 'q', 'a'));
        b = members.join("B", "flood", TestMembers.secure(), channel -> answerAll(channel, 'a', 'q'));
        TestMembers.awaitView(2, a, b);
        b.send(new BytesMessage(a.getAddress(), new byte[] {'q'}));
        awaitTalk();
        heapBytes = heapAfterGc();
    }

    /** One message is always on its way: each answer asks again. */
    private void answerAll(JChannel channel, char what, char with) {
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                byte[] body = message.getArray();
                if (body[message.getOffset()] == what) {
                    answers.incrementAndGet();
                    try {
                        channel.send(new BytesMessage(message.getSrc(), new byte[] {(byte) with}));
                    } catch (Exception e) {
                        // The channel is closing: the talk ends.
                    }
                }
            }
        });
    }

    private void awaitTalk() {
        long now = answers.get();
        Awaitility.await().until(() -> answers.get() > now + 50);
    }

    private static long heapAfterGc() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @AfterEach
    void nothingIsLeft() {
        try (members) {
            awaitTalk();
            TCP_NETTY target = TestMembers.of(a);
            Awaitility.await().until(() -> target.getPendingHandshakes() == 0);
            assertThat(target.getOpenConnections()).isEqualTo(1);
            assertThat(target.getReconnects()).isZero();
            assertThat(target.getSuspectsSent()).isZero();
            assertThat(target.transportStats().refused(Reason.INTERNAL_ERROR).sum())
                    .isZero();
            assertThat(a.getView().size()).isEqualTo(2);
            Awaitility.await().untilAsserted(() -> assertThat(heapAfterGc()).isLessThan(heapBytes + HEAP_SLACK_BYTES));
        }
        Awaitility.await().untilAsserted(() -> assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()
                        + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory())
                .as("bytes in Netty's buffers without a connection")
                .isZero());
    }

    /** From another host than the members', as far as the transport can tell. */
    private Socket stranger() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                TestMembers.of(a).getBoundPort(),
                InetAddress.getByAddress(new byte[] {127, 0, 0, 2}),
                0);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void awaitEnd(Socket socket) throws IOException {
        try (socket) {
            byte[] some = new byte[4_096];
            while (socket.getInputStream().read(some) >= 0) {
                // An alert or a part of a handshake.
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset ends it as well.
        }
    }

    /** Many open at a time, each of which says the same and waits for its end. */
    private void flood(byte[] said) throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < STRANGERS; i++) {
                Socket socket = stranger();
                open.add(socket);
                try {
                    socket.getOutputStream().write(said);
                } catch (IOException e) {
                    // It was turned away already.
                }
                assertThat(TestMembers.of(a).getPendingHandshakes()).isLessThanOrEqualTo(MAX_PENDING + 4);
            }
            awaitTalk();
            for (Socket socket : open) {
                awaitEnd(socket);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void garbage() throws Exception {
        byte[] garbage = new byte[20_000];
        random.nextBytes(garbage);
        flood(garbage);
        // A record of TLS by its head, garbage inside.
        System.arraycopy(new byte[] {0x16, 3, 1, 0x40, 0}, 0, garbage, 0, 5);
        flood(garbage);
    }

    @Test
    void halfOpenConnections() throws Exception {
        flood(new byte[0]);
        assertThat(TestMembers.of(a)
                        .transportStats()
                        .refused(Reason.HANDSHAKE_TIMEOUT)
                        .sum())
                .isPositive();
        assertThat(TestMembers.of(a)
                        .transportStats()
                        .refused(Reason.TOO_MANY_PENDING)
                        .sum())
                .isPositive();
    }

    @Test
    void handshakesThatNobodyGoesOnWith() throws Exception {
        flood(ClientHello.of(TestMembers.material()));
    }

    @Test
    void bytesThatDripIn() throws Exception {
        byte[] hello = ClientHello.of(TestMembers.material());
        // A slow handshake of the members may have been given up before.
        long before = timedOut();
        List<Socket> dripping = new ArrayList<>();
        for (int i = 0; i < MAX_PENDING; i++) {
            dripping.add(stranger());
        }
        for (Socket each : dripping) {
            each.setSoTimeout(5);
        }
        // One byte each in turn: no pause is ever as long as the handshake timeout, all together are.
        boolean allEnded = false;
        for (int i = 0; !allEnded; i = Math.min(i + 1, hello.length - 2)) {
            allEnded = true;
            for (Socket each : dripping) {
                allEnded &= !drip(each, hello[i], i < hello.length - 2);
            }
        }
        awaitTalk();
        Awaitility.await().until(() -> timedOut() - before == MAX_PENDING);
    }

    private long timedOut() {
        return TestMembers.of(a)
                .transportStats()
                .refused(Reason.HANDSHAKE_TIMEOUT)
                .sum();
    }

    /** Returns whether the connection goes on. */
    private static boolean drip(Socket socket, byte next, boolean more) throws IOException {
        if (socket.isClosed()) {
            return false;
        }
        try {
            if (more) {
                socket.getOutputStream().write(next);
            }
            if (socket.getInputStream().read() >= 0) {
                return true;
            }
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            // A reset.
        }
        socket.close();
        return false;
    }

    private boolean isWaitedFor() throws IOException {
        try (Socket member =
                new Socket(InetAddress.getLoopbackAddress(), TestMembers.of(a).getBoundPort())) {
            member.setSoTimeout(300);
            member.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    @Test
    void membersRenewTheirConnectionsWhileStrangersHoldAllPlaces() throws Exception {
        List<Socket> holding = new ArrayList<>();
        try {
            // More often than places become free by the timeout.
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
                holding.add(stranger());
                return TestMembers.of(a)
                                .transportStats()
                                .refused(Reason.TOO_MANY_PENDING)
                                .sum()
                        > 0;
            });
            // Turned away it would read the end of the stream at once; taken, it is waited for until the timeout, which
            // may come first if this thread has to wait.
            Awaitility.await().until(this::isWaitedFor);
        } finally {
            for (Socket socket : holding) {
                socket.close();
            }
        }
    }
}
