package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void givesNoPortTwiceAndNoneFromTheEphemeralRange() {
        Set<Integer> given = new HashSet<>();
        try (Ports ports = new Ports(new Random(1))) {
            for (int i = 0; i < 100; i++) {
                assertThat(given.add(ports.free())).isTrue();
            }
        }
        assertThat(given).allMatch(p -> p >= 20_000 && p < 32_000);
    }

    @Test
    void skipsAPortInUse() throws Exception {
        int wanted = firstOf(7);
        try (ServerSocket taken = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress());
                Ports ports = new Ports(new Random(7))) {
            assertThat(taken.isBound()).isTrue();
            assertThat(ports.free()).isNotEqualTo(wanted);
        }
    }

    @Test
    void skipsAPortThatAnotherWasGivenAndHasNotBoundYet() {
        int wanted;
        try (Ports first = new Ports(new Random(8));
                Ports second = new Ports(new Random(8))) {
            wanted = first.free();
            assertThat(second.free()).isNotEqualTo(wanted);
        }
        assertThat(firstOf(8)).isEqualTo(wanted);
    }

    @Test
    void skipsAPortThatAnotherProcessWasGiven() throws Exception {
        ChildJvm other =
                ChildJvm.start("other", Path.of(System.getProperty("java.home")), List.of(), TakesAPort.class, "10");
        try (other) {
            int wanted = Integer.parseInt(other.await(line -> line.matches("\\d+"), "a port", Duration.ofMinutes(1)));
            assertThat(firstOf(10)).isNotEqualTo(wanted);
            other.kill();
            assertThat(firstOf(10)).isEqualTo(wanted);
        }
    }

    @Test
    void anInterruptedThreadKeepsItsPorts() {
        try (Ports first = new Ports(new Random(12));
                Ports second = new Ports(new Random(12))) {
            int wanted = first.free();
            Thread.currentThread().interrupt();
            assertThat(second.free()).isNotEqualTo(wanted);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Says the first port of a seed and keeps it. */
    static final class TakesAPort {
        public static void main(String[] seed) throws IOException {
            System.out.println(new Ports(new Random(Long.parseLong(seed[0]))).free());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static int firstOf(long seed) {
        try (Ports ports = new Ports(new Random(seed))) {
            return ports.free();
        }
    }

    @Test
    void refusesACountedPortInUseByNameAndRemedy() throws Exception {
        int base = firstOf(9);
        try (ServerSocket taken = new ServerSocket(base + 1, 1, InetAddress.getLoopbackAddress());
                Ports ports = new Ports(new Random(9))) {
            assertThatThrownBy(() -> ports.countedForNode(base, 0))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " (the management port of node1) is in use")
                    .hasMessageContaining("--base-port");
        }
    }

    @Test
    void countsThreePortsANode() {
        int base = firstOf(11);
        for (int port = base; port < base + 6; port++) {
            org.junit.jupiter.api.Assumptions.assumeTrue(Ports.isFree(port));
        }
        try (Ports ports = new Ports(new Random(11))) {
            assertThat(ports.countedForNode(base, 1)).isEqualTo(new NodePorts(base + 3, base + 4, base + 5));
        }
    }

    @Test
    void refusesWhatIsNoPort() {
        try (Ports ports = new Ports(new Random(1))) {
            assertThatThrownBy(() -> ports.countedForNode(65_534, 1))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("must be <= 65535");
        }
    }
}
