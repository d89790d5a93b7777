package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.HostilePeer;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jgroups.BytesMessage;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer with a valid certificate of the cluster's authority says that it is a member: it takes neither the member's
 * place in the view nor its messages, and does not keep the member out, whether identities are bound to addresses or
 * not.
 */
class TCP_NETTYHostilePeerTest {
    private static final String CLUSTER = "hostile";

    private TlsMaterial stolen;
    private InetAddress foreign;
    private ProxiedPair pair;

    private void cluster(boolean bound) throws Exception {
        foreign = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        stolen =
                TestMembers.material(TestMembers.CA, TestMembers.spec("CN=node").withIp(foreign.getHostAddress()));
        pair = new ProxiedPair(CLUSTER, transport -> transport.bind_identity_to_address = bound);
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    private TCP_NETTY accepting() {
        return TestMembers.of(pair.a);
    }

    private HostilePeer connect() throws IOException {
        return HostilePeer.connect(stolen, foreign, ProxiedPair.bound(pair.a));
    }

    private Hello victim() throws IOException {
        return HostilePeer.ask(stolen, foreign, ProxiedPair.bound(pair.b));
    }

    /** A peer that claims that a member lives at its own address. */
    private Hello moved(Hello victim, int port) {
        return new Hello(CLUSTER, new InetSocketAddress(foreign, port), victim.incarnation() + 1, victim.member())
                .asAttempt(4711);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMembersIdAtAnotherAddressExcludesNobody(boolean bound) throws Exception {
        cluster(bound);
        Hello victim = victim();
        int port = TestPorts.free();
        for (int i = 0; i < 5; i++) {
            try (HostilePeer peer = connect()) {
                assertThat(peer.introduce(moved(victim, port))).contains(Reason.MEMBER_ELSEWHERE);
            }
        }
        // Longer than it takes to suspect a process whose connection ends and whose port refuses.
        Awaitility.await().during(Duration.ofSeconds(1)).until(() -> accepting().getSuspectsSent() == 0);
        pair.assertThatBStaysInPlace();
        assertThat(LineLog.of(accepting()))
                .anyMatch(line -> line.startsWith("WARN refused ") && line.contains("MEMBER_ELSEWHERE"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMembersIdAtAnotherAddressGetsNoneOfItsMessages(boolean bound) throws Exception {
        cluster(bound);
        Hello victim = victim();
        try (ServerSocket own = HostilePeer.listen(stolen, foreign);
                HostilePeer peer = connect()) {
            assertThat(peer.introduce(moved(victim, own.getLocalPort()))).isPresent();
            pair.assertThatBStaysInPlace();
            assertThat(peer.read()).as("a frame for B").isEmpty();
        }
    }

    /** The same when it is dialled, as each peer that discovery finds. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMembersIdThatIsFoundAtAnotherAddressGetsNoneOfItsMessages(boolean bound) throws Exception {
        cluster(bound);
        Hello victim = victim();
        try (ServerSocket own = HostilePeer.listen(stolen, foreign)) {
            IpAddress at = new IpAddress(foreign, own.getLocalPort());
            accepting().sendUnicast(at, new byte[10], 0, 10);
            try (HostilePeer peer = HostilePeer.accept(own)) {
                peer.say(FrameType.HELLO, moved(victim, at.getPort()).encode());
                assertThat(peer.read().map(HostilePeer.Frame::type)).contains(FrameType.REFUSE);
                pair.assertThatBStaysInPlace();
            }
        }
    }

    /** First after a blip, with the victim's address, incarnation and id, none of which is a secret. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMembersAddressIsItsOwnAfterABlip(boolean bound) throws Exception {
        cluster(bound);
        Hello victim = victim();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger refused = new AtomicInteger();
        List<Optional<Reason>> taken = new CopyOnWriteArrayList<>();
        Thread attacker = new Thread(() -> {
            while (!over.get()) {
                try (HostilePeer peer = connect()) {
                    Optional<Reason> reason = peer.introduce(victim.asAttempt(4711));
                    if (reason.isPresent()) {
                        refused.incrementAndGet();
                    } else {
                        taken.add(reason);
                        while (!over.get() && peer.read().isPresent()) {
                            // It stays, and says that the owner's connection is not its own.
                            peer.say(FrameType.ANSWER, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 3});
                        }
                    }
                } catch (IOException e) {
                    // It was turned away in the middle of something, and tries again.
                }
            }
        });
        try (ServerSocket deaf = new ServerSocket(0, 50, ProxiedPair.HERE)) {
            pair.divertTo(deaf.getLocalPort());
            attacker.start();
            pair.reset();
            Awaitility.await().until(() -> accepting().getOpenConnections() == 0 || !taken.isEmpty());
            int before = refused.get();
            Awaitility.await().until(() -> refused.get() > before || !taken.isEmpty());
            pair.divertNothing();
        }
        pair.assertThatBStaysInPlace();
        over.set(true);
        attacker.join(Duration.ofMinutes(2).toMillis());
        assertThat(taken).as("times that it was taken for B").isEmpty();
        pair.b.send(new BytesMessage(pair.a.getAddress(), new byte[1]));
        pair.assertThatBStaysInPlace();
    }
}
