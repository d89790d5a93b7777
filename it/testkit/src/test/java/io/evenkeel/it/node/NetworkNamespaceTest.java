package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
    private static final int NOBODYS_PORT = 9;
    private static final int BOUND_MS = 120_000;

    @BeforeEach
    void namespacesAreToBeHad() {
        assumeTrue(NetworkNamespace.obstacle().equals(Optional.empty()), "no network namespaces here");
    }

    @Test
    void itsAddressRefusesWhileItIsThereAndIsSilentWhenItVanished() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.create(new SecureRandom())) {
            InetSocketAddress inside = new InetSocketAddress(namespace.innerAddress(), NOBODYS_PORT);
            assertThatThrownBy(() -> connect(inside, BOUND_MS)).isInstanceOf(ConnectException.class);
            namespace.vanish();
            // JGroups binds to addresses of interfaces that are up only.
            assertThat(NetworkInterface.getByInetAddress(InetAddress.getByName(namespace.hostAddress()))
                            .isUp())
                    .isTrue();
            assertThatThrownBy(() -> connect(inside, 500)).isInstanceOf(SocketTimeoutException.class);
            namespace.appear();
            assertThatThrownBy(() -> connect(inside, BOUND_MS)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void leavesNothingBehind() {
        NetworkNamespace namespace = NetworkNamespace.create(new SecureRandom());
        assertThat(Shell.run("ip", "-br", "addr")).contains(namespace.hostAddress());
        namespace.close();
        assertThat(Shell.run("ip", "-br", "addr")).doesNotContain(namespace.hostAddress());
        namespace.close();
    }

    private static void connect(InetSocketAddress address, int boundMs) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(address, boundMs);
        }
    }
}
