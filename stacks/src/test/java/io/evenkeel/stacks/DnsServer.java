package io.evenkeel.stacks;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A DNS server on loopback (RFC 1035 and 2782, over UDP): one zone that holds a name with its records. The names in
 * the records are known to no other server.
 */
final class DnsServer implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int RESPONSE = 0x8580;
    private static final int NAME_ERROR = 3;
    private static final int TYPE_A = 1;
    private static final int TYPE_SRV = 33;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final List<byte[]> addresses;
    private final List<Integer> ports;

    /** Answers every question for addresses with these until it is closed; with no address, no name exists. */
    DnsServer(String... addresses) throws IOException {
        this(
                Stream.of(addresses)
                        .map(NetUtil::createByteArrayFromIpAddressString)
                        .toList(),
                List.of());
    }

    private DnsServer(List<byte[]> addresses, List<Integer> ports) throws IOException {
        this.addresses = addresses;
        this.ports = ports;
        Thread thread = new Thread(this::serve, "dns");
        thread.setDaemon(true);
        thread.start();
    }

    /** Answers every question for services with hosts of its own zone at these ports, all of them at 127.0.0.1. */
    static DnsServer ofServices(Integer... ports) throws IOException {
        return new DnsServer(List.of(new byte[] {127, 0, 0, 1}), List.of(ports));
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
        int type = ByteBuffer.wrap(question).getShort(end - 4);
        int records = type == TYPE_A ? addresses.size() : type == TYPE_SRV ? ports.size() : 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(addresses.isEmpty() ? RESPONSE | NAME_ERROR : RESPONSE);
        out.writeShort(1);
        out.writeShort(records);
        out.writeInt(0);
        out.write(question, HEADER_BYTES, end - HEADER_BYTES);
        for (int i = 0; i < records; i++) {
            // The name is that of the question; then its type, class IN, a time to live, the data.
            out.writeShort(0xc000 | HEADER_BYTES);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(1);
            byte[] data = type == TYPE_A ? addresses.get(i) : service(ports.get(i));
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    /** Priority, weight, port, and the name of the host. */
    private static byte[] service(int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(10);
        out.writeShort(100);
        out.writeShort(port);
        for (String label :
                String.format(Locale.ROOT, "member-%d.nowhere.invalid.", port).split("\\.", 0)) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
