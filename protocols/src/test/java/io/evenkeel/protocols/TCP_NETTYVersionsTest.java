package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import io.evenkeel.protocols.version.PackVersion;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.jmx.ResourceDMBean;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;

/** Members of different versions of the pack in one cluster. */
class TCP_NETTYVersionsTest {
    private static final String OTHERS = "99.1.0";

    @Test
    void membersOfTwoVersionsShareAClusterAndEachNamesTheOtherOnce() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY old = TestMembers.secure().setPackVersion("1.0.0");
            TCP_NETTY recent = TestMembers.secure().setPackVersion("1.1.0");
            JChannel a = members.join("A", "versions", old);
            JChannel b = members.join("B", "versions", recent);
            TestMembers.awaitView(2, a, b);

            awaitLine(old, "INFO B at 127.0.0.1:", "runs Evenkeel 1.1.0", "this member Evenkeel 1.0.0", "format 1");
            awaitLine(recent, "INFO A at 127.0.0.1:", "runs Evenkeel 1.0.0", "this member Evenkeel 1.1.0", "format 1");
            old.clearConnections(true);
            a.send(b.getAddress(), "again");
            Awaitility.await().until(() -> old.transportStats().handshakesOk.sum() > 1);
            assertThat(linesAboutVersions(old)).hasSize(1);
            assertThat(linesAboutVersions(recent)).hasSize(1);
        }
    }

    @Test
    void membersOfOneVersionSayNothingOfIt() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY one = TestMembers.secure();
            JChannel a = members.join("A", "version", one);
            JChannel b = members.join("B", "version", TestMembers.secure());
            TestMembers.awaitView(2, a, b);

            assertThat(linesAboutVersions(one)).isEmpty();
        }
    }

    @Test
    void aPeerOfAnotherFormatThatDialsIsRefusedByNameOnBothSides() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY member = TestMembers.plain();
            members.join("A", "format", member);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), member.getBoundPort())) {
                assertRefusedByName(socket);
            }
            awaitLine(
                    member,
                    "WARN refused",
                    "OTHER_FORMAT",
                    "Evenkeel " + OTHERS + ", which speaks wire format 2",
                    "this member Evenkeel " + PackVersion.current() + ", which speaks wire format 1",
                    "with the same jar");
        }
    }

    @Test
    void aPeerOfAnotherFormatThatIsDialledIsRefusedByNameOnBothSides() throws Exception {
        try (TestMembers members = new TestMembers();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            TCP_NETTY member = TestMembers.plain();
            members.join("A", "format", member);
            CompletableFuture<ProbeResult> result = member.probe(
                            new IpAddress(server.getInetAddress(), server.getLocalPort()), 20_000)
                    .toCompletableFuture();
            try (Socket socket = server.accept()) {
                assertRefusedByName(socket);
            }
            assertThat(result.get(120, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(ProbeResult.Rejected.class, rejected -> assertThat(rejected.reason())
                            .contains("OTHER_FORMAT", OTHERS, "format 2", "format 1"));
        }
    }

    /** The other side of the two tests above: it is this member that speaks the older format. */
    @Test
    void aRefusalForTheFormatIsToldWithItsReason() throws Exception {
        try (TestMembers members = new TestMembers();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            TCP_NETTY member = TestMembers.plain();
            members.join("A", "format", member);
            CompletableFuture<ProbeResult> result = member.probe(
                            new IpAddress(server.getInetAddress(), server.getLocalPort()), 20_000)
                    .toCompletableFuture();
            try (Socket socket = server.accept()) {
                write(
                        new DataOutputStream(socket.getOutputStream()),
                        FrameType.REFUSE,
                        new Refusal(Reason.OTHER_FORMAT, "it runs Evenkeel 0.1").encode());
                socket.getInputStream().readAllBytes();
            }
            assertThat(result.get(120, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(ProbeResult.Rejected.class, rejected -> assertThat(rejected.reason())
                            .contains("OTHER_FORMAT", "it runs Evenkeel 0.1"));
        }
    }

    @Test
    void theVersionIsAManagedAttribute() throws Exception {
        for (var protocol : List.of(new JDBC_PING_LEASE(), new TCP_NETTY(), new STATE_FC())) {
            assertThat(new ResourceDMBean(protocol).getAttribute("evenkeel_version"))
                    .isEqualTo(PackVersion.current().toString());
        }
    }

    /** Plays a member of format 2: its version follows the number of the format. */
    private static void assertRefusedByName(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] version = OTHERS.getBytes(StandardCharsets.US_ASCII);
        write(
                new DataOutputStream(socket.getOutputStream()),
                FrameType.HELLO,
                ByteBuffer.allocate(4 + 1 + 1 + version.length + 100)
                        .put("EVKL".getBytes(StandardCharsets.US_ASCII))
                        .put((byte) 2)
                        .put((byte) version.length)
                        .put(version)
                        .array());
        byte[] frame = in.readNBytes(in.readInt());
        while (FrameType.of(frame[0]) != FrameType.REFUSE) {
            frame = in.readNBytes(in.readInt());
        }
        Refusal refusal = Refusal.decode(ByteBuffer.wrap(frame, 1, frame.length - 1));
        assertThat(refusal.reason()).isEqualTo(Reason.OTHER_FORMAT);
        assertThat(refusal.detail())
                .contains(OTHERS, "format 2", PackVersion.current().toString(), "format 1");
    }

    private static void write(DataOutputStream out, FrameType type, byte[] body) throws IOException {
        out.writeInt(1 + body.length);
        out.writeByte(type.code());
        out.write(body);
        out.flush();
    }

    private static List<String> linesAboutVersions(TCP_NETTY member) {
        return LineLog.of(member).stream()
                .filter(line -> line.contains("runs Evenkeel"))
                .toList();
    }

    private static void awaitLine(TCP_NETTY member, String... parts) {
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(member))
                .filteredOn(line -> List.of(parts).stream().allMatch(line::contains))
                .hasSize(1));
    }
}
