package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The size that one frame may announce before a peer is known and afterwards, on a real socket in clear. */
class TCP_NETTYFrameLimitTest {
    private static final int BEFORE_BYTES = 4_096;
    private static final int AFTER_BYTES = 100_000;

    private final TestMembers members = new TestMembers();
    private TCP_NETTY target;
    private Socket socket;
    private DataInputStream in;
    private DataOutputStream out;

    @BeforeEach
    void connect() throws Exception {
        target = TestMembers.plain();
        target.max_frame_size = AFTER_BYTES;
        JChannel channel = members.join("A", "limits", target);
        assertThat(channel.getView().size()).isEqualTo(1);
        socket = new Socket(InetAddress.getLoopbackAddress(), target.getBoundPort());
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        assertThat(read()).isEqualTo(FrameType.HELLO);
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        members.close();
    }

    private FrameType read() throws Exception {
        byte[] frame = in.readNBytes(in.readInt());
        return FrameType.of(frame[0]);
    }

    private void write(FrameType type, byte[] body) throws Exception {
        out.writeInt(1 + body.length);
        out.writeByte(type.code());
        out.write(body);
        out.flush();
    }

    private void introduce() throws Exception {
        Hello hello = new Hello(
                "limits",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()),
                4711,
                ByteBuffer.allocate(1));
        write(FrameType.HELLO, hello.asAttempt(1).encode());
        assertThat(read()).isEqualTo(FrameType.ACCEPT);
        write(FrameType.ACCEPT, new byte[0]);
        Awaitility.await().until(() -> target.getOpenConnections() == 1);
    }

    private void assertEnded(int limitBytes) throws Exception {
        assertThat(in.readAllBytes()).isEmpty();
        Awaitility.await()
                .until(() -> target.transportStats().refused(Reason.BAD_FRAME).sum() == 1
                        || LineLog.of(target).stream()
                                .anyMatch(line -> line.contains("allowed are 1 to " + limitBytes)));
        assertThat(target.transportStats().refused(Reason.INTERNAL_ERROR).sum()).isZero();
    }

    @Test
    void aStrangerMayAnnounceLittle() throws Exception {
        out.writeInt(BEFORE_BYTES + 1);
        assertEnded(BEFORE_BYTES);
    }

    @Test
    void theLargestFrameOfAStrangerIsRead() throws Exception {
        // Behind the fields of a HELLO anything may follow, as later versions may have more to say.
        byte[] known = new Hello(
                        "limits",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()),
                        4711,
                        ByteBuffer.allocate(1))
                .encode();
        write(FrameType.HELLO, java.util.Arrays.copyOf(known, BEFORE_BYTES - 1));
        assertThat(read()).isEqualTo(FrameType.ACCEPT);
    }

    @Test
    void aMemberMayAnnounceMoreAndNoMoreThanThat() throws Exception {
        introduce();
        write(FrameType.DATA, new byte[AFTER_BYTES - 1]);
        Awaitility.await().until(() -> target.getFramesReceived() == 1);
        assertThat(target.getBytesReceived()).isEqualTo(AFTER_BYTES - 1);
        out.writeInt(AFTER_BYTES + 1);
        assertEnded(AFTER_BYTES);
    }
}
