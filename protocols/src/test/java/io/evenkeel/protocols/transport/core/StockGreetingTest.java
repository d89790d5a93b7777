package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jgroups.Version;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StockGreetingTest {
    private static final int PORT = 57_800;

    /** As TcpConnection.sendLocalAddress of JGroups does, which is not to be called. */
    private static byte[] byJGroups(IpAddress address) throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        out.write(Connection.cookie, 0, Connection.cookie.length);
        out.writeShort(Version.version);
        out.writeShort(address.serializedSize());
        address.writeTo(out);
        return Arrays.copyOf(out.buffer(), out.position());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "127.0.0.1", "255.255.255.255", "2001:db8::1", "fe80::1"})
    void bytesAreThoseOfJGroups(String host) throws Exception {
        InetAddress address = InetAddress.getByName(host);
        byte[] expected = byJGroups(new IpAddress(address, PORT));
        StockGreeting greeting = new StockGreeting(Version.version, new InetSocketAddress(address, PORT));
        assertThat(greeting.encode()).isEqualTo(expected);
        assertThat(StockGreeting.read(ByteBuffer.wrap(expected))).contains(greeting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "2001:db8::1"})
    void aPartIsNotReadAndWhatFollowsIsLeft(String host) throws Exception {
        byte[] whole = byJGroups(new IpAddress(InetAddress.getByName(host), PORT));
        for (int bytes = Integer.BYTES; bytes < whole.length; bytes++) {
            ByteBuffer part = ByteBuffer.wrap(whole, 0, bytes);
            assertThat(StockGreeting.read(part)).isEmpty();
            assertThat(part.position()).isZero();
        }
        ByteBuffer more = ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 3));
        assertThat(StockGreeting.read(more)).isPresent();
        assertThat(more.remaining()).isEqualTo(3);
    }

    @Test
    void whatJGroupsDoesNotSendIsAViolation() throws Exception {
        byte[] good = byJGroups(new IpAddress(InetAddress.getByName("10.1.2.3"), PORT));
        for (int at : new int[] {0, 7, 8}) {
            byte[] bad = good.clone();
            bad[at]++;
            assertThatThrownBy(() -> StockGreeting.read(ByteBuffer.wrap(bad)))
                    .as("byte %d", at)
                    .isInstanceOf(ProtocolViolationException.class);
        }
    }

    @Test
    void versionsAreComparedAndPrintedAsJGroupsDoes() {
        InetSocketAddress anywhere = new InetSocketAddress(PORT);
        for (int bits = 0; bits <= 0xffff; bits++) {
            short version = (short) bits;
            assertThat(new StockGreeting(version, anywhere).isCompatible(Version.version))
                    .as("version %d", bits)
                    .isEqualTo(Version.isBinaryCompatible(version));
            assertThat(StockGreeting.print(version)).isEqualTo(Version.print(version));
        }
    }

    @Test
    void theConstantsAreThoseOfJGroups() {
        assertThat(ByteBuffer.wrap(Connection.cookie).getInt()).isEqualTo(StockGreeting.COOKIE);
        assertThat(StockFrame.GRACEFUL_CLOSE).isEqualTo(Connection.GRACEFUL_CLOSE);
    }

    @Test
    void theLargerAddressKeepsItsConnectionAsAtTheOtherSide() throws Exception {
        String[] hosts = {"10.0.0.1", "10.0.0.2", "192.168.0.1", "127.0.0.1", "2001:db8::1", "2001:db8::2"};
        for (String one : hosts) {
            for (String other : hosts) {
                for (int port : new int[] {PORT - 1, PORT, PORT + 1}) {
                    InetSocketAddress ours = new InetSocketAddress(InetAddress.getByName(one), PORT);
                    InetSocketAddress theirs = new InetSocketAddress(InetAddress.getByName(other), port);
                    // BaseServer.handleIncomingConnection of JGroups: replace its own one if its address is smaller.
                    boolean replaced = new IpAddress(theirs).compareTo(new IpAddress(ours)) < 0;
                    assertThat(TieBreak.keepOursWithStock(ours, theirs)).isEqualTo(replaced);
                }
            }
        }
    }
}
