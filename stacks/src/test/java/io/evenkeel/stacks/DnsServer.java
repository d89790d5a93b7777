package io.evenkeel.stacks;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** A DNS server on loopback (RFC 1035, over UDP) that answers every question with the same IPv4 addresses. */
final class DnsServer implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int RESPONSE = 0x8580;
    private static final int NAME_ERROR = 3;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final List<byte[]> addresses;

    /** Answers until it is closed; with no address, no name exists. */
    DnsServer(String... addresses) throws IOException {
        this.addresses = Stream.of(addresses)
                .map(NetUtil::createByteArrayFromIpAddressString)
                .toList();
        Thread thread = new Thread(this::serve, "dns");
        thread.setDaemon(true);
        thread.start();
    }

    /** As DNS_PING's attribute dns_address has it. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        byte[] buffer = new byte[512];
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                byte[] answer = answer(buffer, endOfQuestion(buffer));
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        } catch (IOException e) {
            // The socket is closed.
        }
    }

    /** Behind the labels of the name, the type and the class. */
    private static int endOfQuestion(byte[] message) {
        int at = HEADER_BYTES;
        while (message[at] != 0) {
            at += 1 + message[at];
        }
        return at + 5;
    }

    private byte[] answer(byte[] question, int end) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(addresses.isEmpty() ? RESPONSE | NAME_ERROR : RESPONSE);
        out.writeShort(1);
        out.writeShort(addresses.size());
        out.writeInt(0);
        out.write(question, HEADER_BYTES, end - HEADER_BYTES);
        for (byte[] address : addresses) {
            // The name is that of the question; then type A, class IN, a time to live, four bytes.
            out.writeShort(0xc000 | HEADER_BYTES);
            out.writeShort(1);
            out.writeShort(1);
            out.writeInt(1);
            out.writeShort(4);
            out.write(address);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
