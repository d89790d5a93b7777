package io.evenkeel.it.node;

import java.nio.ByteBuffer;

/**
 * Completes the checksum of a TCP segment (RFC 9293, section 3.1). Linux leaves that to the network card, and where a
 * program takes packets out of a tunnel there is none.
 */
final class TcpChecksum {
    private static final int TCP = 6;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_BYTES = 20;
    private static final int TCP_BYTES = 20;
    private static final int CHECKSUM_AT = 16;
    private static final long LOW = 0xffff_ffffL;

    private TcpChecksum() {}

    /**
     * Does nothing if it is not whole TCP in IPv4.
     *
     * @param typeAt where the type of the Ethernet frame stands in it
     */
    static void complete(ByteBuffer frame, int typeAt) {
        int ip = typeAt + Short.BYTES;
        if (frame.limit() < ip + IPV4_BYTES + TCP_BYTES || frame.getShort(typeAt) != IPV4 || frame.get(ip + 9) != TCP) {
            return;
        }
        int tcp = ip + (frame.get(ip) & 0xf) * Integer.BYTES;
        int end = ip + Short.toUnsignedInt(frame.getShort(ip + 2));
        if (end > frame.limit() || end < tcp + TCP_BYTES) {
            return;
        }
        frame.putShort(tcp + CHECKSUM_AT, (short) 0);
        long addresses = (frame.getInt(ip + 12) & LOW) + (frame.getInt(ip + 16) & LOW);
        frame.putShort(tcp + CHECKSUM_AT, (short) ~fold(addresses + TCP + (end - tcp) + sum(frame, tcp, end)));
    }

    private static long sum(ByteBuffer data, int from, int end) {
        long sum = 0;
        int at = from;
        for (; at + Integer.BYTES <= end; at += Integer.BYTES) {
            sum += data.getInt(at) & LOW;
        }
        // The rest stands at the left of a word, and each byte keeps its place in its 16 bits.
        for (int shift = 24; at < end; at++, shift -= Byte.SIZE) {
            sum += (long) (data.get(at) & 0xff) << shift;
        }
        return sum;
    }

    private static long fold(long sum) {
        long folded = sum;
        while (folded >>> Short.SIZE != 0) {
            folded = (folded & 0xffff) + (folded >>> Short.SIZE);
        }
        return folded;
    }
}
