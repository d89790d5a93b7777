package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A million bytes cross a slow network and come back, in clear of this host's own. */
class ShapedNetworkTest {
    private static final int PORT = 7800;
    private static final int BYTES = 1_000_000;
    private static final Duration BOUND = Duration.ofMinutes(2);

    /** Echoes one connection. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) throws Exception {
            try (ServerSocket server = new ServerSocket()) {
                server.bind(new InetSocketAddress(args[0], PORT));
                System.out.println("ready");
                try (Socket socket = server.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                }
            }
        }
    }

    /** Prints the bytes that came back, and the nanoseconds until the first. */
    static final class Caller {
        private Caller() {}

        public static void main(String[] args) throws Exception {
            try (Socket socket = new Socket(args[0], PORT)) {
                socket.setTcpNoDelay(true);
                long startNs = System.nanoTime();
                socket.getOutputStream().write(0);
                InputStream in = socket.getInputStream();
                in.read();
                long tripNs = System.nanoTime() - startNs;
                Thread out = new Thread(() -> send(socket));
                out.start();
                System.out.println("back " + in.transferTo(OutputStream.nullOutputStream()) + " " + tripNs);
            }
        }

        private static void send(Socket socket) {
            try {
                socket.getOutputStream().write(new byte[BYTES]);
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void networksAreToBeHad() {
        assumeTrue(ShapedNetwork.obstacle().isEmpty(), () -> ShapedNetwork.obstacle()
                .orElse(""));
    }

    @Test
    void carriesBytesOverASlowLan() throws Exception {
        assertThat(roundTripNs(Duration.ZERO)).isPositive();
    }

    @Test
    void aLongCableTakesItsTimeInBothDirections() throws Exception {
        assertThat(roundTripNs(Duration.ofMillis(1))).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
    }

    private static long roundTripNs(Duration oneWay) throws Exception {
        try (ShapedNetwork network = ShapedNetwork.create(new SecureRandom(), 2, oneWay)) {
            network.slowDown(100);
            ShapedNetwork.Host callee = network.hosts().get(1);
            try (ChildJvm echo = start(callee, "echo", Echo.class, callee.address())) {
                echo.await("ready"::equals, "ready", BOUND);
                try (ChildJvm caller = start(network.hosts().get(0), "caller", Caller.class, callee.address())) {
                    List<String> words = List.of(caller.await(line -> line.startsWith("back"), "back", BOUND)
                            .split(" "));
                    assertThat(words.get(1)).isEqualTo(Integer.toString(BYTES));
                    return Long.parseLong(words.get(2));
                }
            }
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        ShapedNetwork network = ShapedNetwork.create(new SecureRandom(), 2, Duration.ZERO);
        String first = network.hosts().get(0).namespace();
        assertThat(Shell.run("ip", "netns", "list")).contains(first);
        network.close();
        assertThat(Shell.run("ip", "netns", "list")).doesNotContain(first.substring(0, first.length() - 1));
        network.close();
    }

    private static ChildJvm start(ShapedNetwork.Host host, String name, Class<?> main, String argument) {
        return ChildJvm.start(host.prefix(), name, List.of("-Xmx64m"), main, argument);
    }
}
