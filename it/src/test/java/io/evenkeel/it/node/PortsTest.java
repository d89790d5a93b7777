package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void givesNoPortTwiceAndNoneFromTheEphemeralRange() {
        Ports ports = new Ports(new Random(1));
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(given.add(ports.free())).isTrue();
        }
        assertThat(given).allMatch(p -> p >= 20_000 && p < 32_000);
    }

    @Test
    void skipsAPortInUse() throws Exception {
        int wanted = new Ports(new Random(7)).free();
        try (ServerSocket taken = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThat(new Ports(new Random(7)).free()).isNotEqualTo(wanted);
        }
    }

    @Test
    void refusesACountedPortInUseByNameAndRemedy() throws Exception {
        int base = new Ports(new Random(9)).free();
        try (ServerSocket taken = new ServerSocket(base + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new Ports(new Random(9)).countedForNode(base, 0))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " (the management port of node1) is in use")
                    .hasMessageContaining("--base-port");
        }
    }

    @Test
    void countsThreePortsANode() {
        Ports ports = new Ports(new Random(11));
        int base = ports.free();
        for (int port = base; port < base + 6; port++) {
            org.junit.jupiter.api.Assumptions.assumeTrue(Ports.isFree(port));
        }
        assertThat(ports.countedForNode(base, 1)).isEqualTo(new NodePorts(base + 3, base + 4, base + 5));
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatThrownBy(() -> new Ports(new Random(1)).countedForNode(65_534, 1))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("must be <= 65535");
    }
}
