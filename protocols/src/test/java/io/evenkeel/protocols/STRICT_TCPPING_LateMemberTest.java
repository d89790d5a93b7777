package io.evenkeel.protocols;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Joiners whose members take connections and are late with everything else; join_timeout is one second. */
class STRICT_TCPPING_LateMemberTest {
    private final TestMembers members = new TestMembers();

    @AfterEach
    void close() {
        members.close();
    }

    private JChannel joiner(String name, int port) throws Exception {
        STRICT_TCPPING discovery = LineLog.recording(STRICT_TCPPING::new);
        discovery.setInitialHosts(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        return members.channel(name, TestMembers.secure(), discovery);
    }

    private static List<String> linesOf(JChannel channel) {
        return LineLog.of(channel.getProtocolStack().findProtocol(STRICT_TCPPING.class));
    }

    private static void awaitLine(JChannel channel, String... parts) {
        await().until(() -> linesOf(channel).stream()
                .anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
    }

    private static CompletableFuture<JChannel> connecting(JChannel channel) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return channel.connect("late");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aMemberThatAnswersLateIsJoined() throws Exception {
        try (Gate gate = new Gate()) {
            JChannel a = joiner("A", TestPorts.free());
            TestMembers.of(a).setExternalAddr(InetAddress.getLoopbackAddress()).setExternalPort(gate.port());
            a.connect("late");
            JChannel b = joiner("B", gate.port());
            CompletableFuture<JChannel> joining = connecting(b);
            awaitLine(b, "not founding late yet", "127.0.0.1:" + gate.port());
            assertThat(joining).isNotDone();
            gate.open(TestMembers.of(a).transport().boundPort());
            joining.get(120, SECONDS);
            TestMembers.awaitView(2, a, b);
        }
    }

    @Test
    void whereNobodyListensNothingIsWaitedFor() throws Exception {
        JChannel a = joiner("A", TestPorts.free()).connect("late");
        assertThat(a.getView().size()).isEqualTo(1);
        assertThat(linesOf(a)).noneMatch(line -> line.contains("not founding"));
    }

    @Test
    void aMemberOfAnotherClusterIsNotWaitedFor() throws Exception {
        JChannel other = joiner("O", TestPorts.free()).connect("other");
        JChannel a = joiner("A", TestMembers.of(other).transport().address().getPort());
        assertThat(a.connect("late").getView().size()).isEqualTo(1);
        // It may say that it waits, until the other one's first TLS handshake is over.
        assertThat(linesOf(a)).noneMatch(line -> line.contains("going on although a member may be late"));
    }

    @Test
    void aCloseEndsTheWait() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            JChannel a = joiner("A", deaf.getLocalPort());
            CompletableFuture<JChannel> joining = connecting(a);
            awaitLine(a, "not founding late yet");
            a.close();
            assertThat(joining)
                    .failsWithin(Duration.ofMinutes(2))
                    .withThrowableThat()
                    .withStackTraceContaining(
                            "STRICT_TCPPING: the join of late was ended: the channel is being closed");
        }
    }

    /** Takes connections at once, and passes them on to a member only when it is opened. */
    private static final class Gate implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Integer> target = new CompletableFuture<>();
        private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

        Gate() throws IOException {
            start(this::accept);
        }

        private static void start(Run task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    // One of the two sides has closed, or the test has ended.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private interface Run {
            void run() throws IOException;
        }

        private void accept() throws IOException {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                start(() -> join(client));
            }
        }

        private void join(Socket client) throws IOException {
            Socket member = new Socket(InetAddress.getLoopbackAddress(), target.join());
            sockets.add(member);
            start(() -> pass(client, member));
            pass(member, client);
        }

        private static void pass(Socket from, Socket to) throws IOException {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            }
        }

        int port() {
            return server.getLocalPort();
        }

        void open(int port) {
            target.complete(port);
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
