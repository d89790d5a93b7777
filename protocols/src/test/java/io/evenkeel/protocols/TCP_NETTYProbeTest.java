package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.jgroups.JChannel;
import org.jgroups.PhysicalAddress;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers to a question about an address; the rejections stand in the test of refused peers. */
class TCP_NETTYProbeTest {
    private final TestMembers members = new TestMembers();
    private TCP_NETTY asking;

    @BeforeEach
    void connect() throws Exception {
        asking = TestMembers.of(members.join("A", "probe", TestMembers.secure()));
    }

    @AfterEach
    void close() {
        members.close();
    }

    private ProbeResult probe(PhysicalAddress peer, long timeoutMs) throws Exception {
        return asking.probe(peer, timeoutMs).toCompletableFuture().get(120, TimeUnit.SECONDS);
    }

    @Test
    void memberAnswersWithItsIncarnation() throws Exception {
        JChannel b = members.join("B", "probe", TestMembers.secure());
        TestMembers.awaitView(2, b);
        TCP_NETTY asked = TestMembers.of(b);
        assertThat(probe(asked.localPhysicalAddress(), 60_000))
                .isEqualTo(new ProbeResult.Answered("probe", asked.incarnation()));
        long before = asked.incarnation();
        PhysicalAddress address = asked.localPhysicalAddress();
        b.disconnect();
        assertThat(probe(address, 60_000)).isEqualTo(new ProbeResult.Refused());
        b.connect("probe");
        assertThat(asked.incarnation()).isNotEqualTo(before);
    }

    @Test
    void ownAddressAnswersToo() throws Exception {
        assertThat(probe(asking.localPhysicalAddress(), 60_000))
                .isEqualTo(new ProbeResult.Answered("probe", asking.incarnation()));
    }

    @Test
    void listeningButNeverAcceptingIsSilent() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(probe(new IpAddress(InetAddress.getLoopbackAddress(), deaf.getLocalPort()), 3_000))
                    .isEqualTo(new ProbeResult.Silent("no answer within 3000 ms", true));
        }
    }

    @Test
    void transportThatIsNotStartedSaysSo() throws Exception {
        ProbeResult result = TestMembers.secure()
                .probe(asking.localPhysicalAddress(), 1_000)
                .toCompletableFuture()
                .get(120, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(ProbeResult.Silent.class);
    }
}
