package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.BadFrames;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jgroups.EmptyMessage;
import org.jgroups.JChannel;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.TCPPING;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer with a certificate of the cluster, and its name, which says what no member says; two members go on beside it.
 */
class TCP_NETTYMadPeerTest {
    private static final int FRAMES = 500;
    private static final int TWO_BILLION = 2_000_000_000;

    private final TestMembers members = new TestMembers();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private JChannel a;
    private JChannel b;

    @BeforeEach
    void healthyCluster() throws Exception {
        System.out.println("TCP_NETTYMadPeerTest seed " + seed);
        a = members.channel("A", TestMembers.secure(), new TCPPING()).connect("healthy");
        b = members.channel("B", TestMembers.secure(), pinging(a)).connect("healthy");
        TestMembers.awaitView(2, a, b);
    }

    private static TCPPING pinging(JChannel to) {
        TCPPING discovery = new TCPPING();
        discovery.setInitialHosts2(List.<PhysicalAddress>of(TestMembers.of(to).localPhysicalAddress()));
        discovery.setPortRange(0);
        return discovery;
    }

    @AfterEach
    void healthyClusterIsUnaffected() {
        try (members) {
            assertThat(a.getView().size()).isEqualTo(2);
            assertThat(b.getView().size()).isEqualTo(2);
            assertThat(TestMembers.of(a).getSuspectsSent()).isZero();
            assertThat(TestMembers.of(a)
                            .transportStats()
                            .refused(Reason.INTERNAL_ERROR)
                            .sum())
                    .isZero();
        }
    }

    /** A batch that announces far more messages than it has bytes. */
    private static byte[] greedyBatch() throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        UUID nobody = UUID.randomUUID();
        Util.writeMessageList(nobody, nobody, new byte[] {'x'}, List.of(new EmptyMessage()), out, false);
        byte[] frame = java.util.Arrays.copyOf(out.buffer(), out.position());
        int emptyMessageBytes = 7;
        ByteBuffer.wrap(frame).putInt(frame.length - emptyMessageBytes - Integer.BYTES, TWO_BILLION);
        return frame;
    }

    private byte[] garbage() {
        byte[] garbage = new byte[1 + random.nextInt(200)];
        random.nextBytes(garbage);
        byte[] version = new byte[] {(byte) (org.jgroups.Version.version >> 8), (byte) org.jgroups.Version.version};
        System.arraycopy(version, 0, garbage, 0, Math.min(version.length, garbage.length));
        return garbage;
    }

    @ParameterizedTest
    @ValueSource(strings = {"greedy", "garbage", "empty"})
    void badFramesEndTheConnectionAfterAFew(String kind) throws Exception {
        TCP_NETTY target = TestMembers.of(a);
        TCP_NETTY mad = TestMembers.secure();
        JChannel x = members.channel("X", mad, new TCPPING()).connect("healthy");
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame =
                    switch (kind) {
                        case "greedy" -> greedyBatch();
                        case "garbage" -> garbage();
                        default -> new byte[0];
                    };
            mad.sendUnicast(target.localPhysicalAddress(), frame, 0, frame.length);
        }
        Awaitility.await().untilAsserted(() -> assertThat(
                        target.transportStats().refused(Reason.BAD_FRAME).sum())
                .isPositive());
        assertThat(target.getFramesUnreadable()).isGreaterThanOrEqualTo(BadFrames.LIMIT);
        String peer = mad.getLocalPhysicalAddress();
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(target))
                .filteredOn(line -> line.startsWith("WARN refused " + peer + ": BAD_FRAME"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains(BadFrames.LIMIT + " frames in a minute could not be read")));
        assertThat(LineLog.of(target))
                .filteredOn(line -> line.startsWith("WARN dropped a frame of " + peer + " that cannot be read"))
                .hasSize(1);
        assertThat(LineLog.of(target)).noneMatch(line -> line.startsWith("ERROR"));
        assertThat(x.getView().size()).isEqualTo(1);
    }
}
