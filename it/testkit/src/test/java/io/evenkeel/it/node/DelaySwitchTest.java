package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three hosts on loopback addresses, with frames made by hand. */
class DelaySwitchTest {
    private static final long ALL = 0xffff_ffff_ffffL;
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final int SILENCE_MS = 100;

    private final DatagramSocket a = host("127.0.0.2");
    private final DatagramSocket b = host("127.0.0.3");
    private final DatagramSocket c = host("127.0.0.4");
    private DelaySwitch opened;

    private static DatagramSocket host(String address) {
        try {
            return new DatagramSocket(new InetSocketAddress(address, 0));
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() {
        List<InetSocketAddress> hosts = List.of(address(a), address(b), address(c));
        opened = DelaySwitch.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), DELAY, hosts);
    }

    @AfterEach
    void close() {
        opened.close();
        List.of(a, b, c).forEach(DatagramSocket::close);
    }

    @Test
    void floodsUntilItKnowsWhereAHostIs() throws Exception {
        send(a, ALL, 1, 7);
        assertThat(payload(b)).isEqualTo(7);
        assertThat(payload(c)).isEqualTo(7);
        send(b, 1, 2, 8);
        assertThat(payload(a)).isEqualTo(8);
        send(a, 2, 1, 9);
        assertThat(payload(b)).isEqualTo(9);
        c.setSoTimeout(SILENCE_MS);
        assertThat(isSilent(c)).isTrue();
    }

    @Test
    void passesNothingBeforeItsTimeAndKeepsTheOrder() throws Exception {
        long startNs = System.nanoTime();
        send(a, ALL, 1, 1);
        send(a, ALL, 1, 2);
        assertThat(payload(b)).isEqualTo(1);
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(DELAY.toNanos());
        assertThat(payload(b)).isEqualTo(2);
    }

    private static InetSocketAddress address(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void send(DatagramSocket from, long toMac, long fromMac, int payload) throws Exception {
        ByteBuffer frame = ByteBuffer.allocate(64);
        frame.putLong(0).putShort((short) (toMac >>> 32)).putInt((int) toMac);
        frame.putShort((short) (fromMac >>> 32)).putInt((int) fromMac).putInt(payload);
        from.send(new DatagramPacket(frame.array(), frame.capacity(), opened.address()));
    }

    private static int payload(DatagramSocket at) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        at.receive(packet);
        return ByteBuffer.wrap(packet.getData()).getInt(20);
    }

    private static boolean isSilent(DatagramSocket socket) throws Exception {
        try {
            payload(socket);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }
}
