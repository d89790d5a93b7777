package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.MemberMain;
import io.evenkeel.protocols.transport.TestMembers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A killed process is excluded by its connection alone: neither FD_ALL3 nor VERIFY_SUSPECT2 would have done with it
 * before this class's time is over. A leaver is not suspected.
 */
class TCP_NETTYFailureDetectionTest {
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(6);

    private static JChannel alone(TestMembers members, String cluster) throws Exception {
        return alone(members, cluster, TestMembers.plain());
    }

    private static JChannel alone(TestMembers members, String cluster, TCP_NETTY transport) throws Exception {
        JChannel channel = members.channel("A", transport, new TCPPING().setInitialHosts(List.of()));
        channel.getProtocolStack()
                .<VERIFY_SUSPECT2>findProtocol(VERIFY_SUSPECT2.class)
                .setTimeout(120_000);
        return channel.connect(cluster);
    }

    @Test
    void killedProcessIsSuspected() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = alone(members, "killed");
            ChildJvm helper = MemberMain.start("killed", TestMembers.of(a).getBoundPort());
            try {
                TestMembers.awaitView(2, a);
            } finally {
                helper.kill();
            }
            TestMembers.awaitView(1, a);
            assertThat(TestMembers.of(a).getSuspectsSent()).isEqualTo(1);
            assertThat(LineLog.of(TestMembers.of(a)))
                    .anyMatch(line -> line.startsWith("INFO suspecting the member at 127.0.0.1:"));
        }
    }

    /**
     * Refusals alone would take a minute here: it is the end of the liveness connection that tells, whichever way the
     * process ends without a word.
     */
    @ParameterizedTest
    @ValueSource(strings = {"kill -9", "halt", "exit"})
    void processThatEndsUnderTrafficIsSuspectedByItsLivenessConnection(String how) throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY transport = TestMembers.plain();
            transport.patient_refusal_time = 60_000;
            AtomicLong excludedAtNs = new AtomicLong();
            JChannel a = members.channel("A", transport, new TCPPING().setInitialHosts(List.of()));
            a.getProtocolStack()
                    .<VERIFY_SUSPECT2>findProtocol(VERIFY_SUSPECT2.class)
                    .setTimeout(120_000);
            a.setReceiver(new Receiver() {
                @Override
                public void viewAccepted(View view) {
                    if (view.size() == 1) {
                        excludedAtNs.set(System.nanoTime());
                    }
                }
            });
            a.connect("liveness");
            ChildJvm helper = MemberMain.start("liveness", transport.getBoundPort());
            try {
                TestMembers.awaitView(2, a);
                Awaitility.await().until(() -> transport.getLivenessConnections() == 1);
                Address other = a.getView().getMembersRaw()[1];
                for (int i = 0; i < 1_000; i++) {
                    a.send(new BytesMessage(other, new byte[1_000]));
                }
                long fromNs = System.nanoTime();
                if (how.equals("kill -9")) {
                    helper.kill();
                } else {
                    helper.send(how);
                }
                TestMembers.awaitView(1, a);
                System.out.println("TCP_NETTYFailureDetectionTest: view without the process "
                        + TimeUnit.NANOSECONDS.toMillis(excludedAtNs.get() - fromNs) + " ms after " + how);
                assertThat(transport.getSuspectsSent()).isEqualTo(1);
            } finally {
                helper.kill();
            }
        }
    }

    /** As a full collection of garbage does, and longer: its kernel goes on answering, the process does not. */
    @Test
    void pausedProcessIsNotSuspectedAndGoesOn() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = alone(members, "paused");
            ChildJvm helper = MemberMain.start("paused", TestMembers.of(a).getBoundPort());
            try {
                TestMembers.awaitView(2, a);
                Freeze frozen = Freeze.of(helper.handle());
                long stoppedAtNs = System.nanoTime();
                // More than the sockets and the queue hold, so that there is something to be given up meanwhile.
                byte[] body = new byte[50_000];
                Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
                    a.send(new BytesMessage(null, body).setFlag(Message.Flag.NO_FC, Message.Flag.NO_RELIABILITY));
                    return System.nanoTime() - stoppedAtNs > PAUSE_NS;
                });
                assertThat(TestMembers.of(a).getSuspectsSent()).isZero();
                frozen.close();
                long received = TestMembers.of(a).getFramesReceived();
                a.send(new BytesMessage(null, body));
                Awaitility.await().until(() -> TestMembers.of(a).getFramesReceived() > received);
                assertThat(a.getView().size()).isEqualTo(2);
                assertThat(TestMembers.of(a).getSuspectsSent()).isZero();
            } finally {
                helper.kill();
            }
        }
    }

    /**
     * Longer than dead_connection_timeout, with more on its way than sockets hold: the kernel gives the connection up
     * and attempts to make another one stay unanswered. All that was sent arrives when the pause is over.
     */
    @Test
    void aPauseBeyondTheTimeoutCostsTheConnectionAndNobodyHisPlace() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY transport = TestMembers.plain();
            transport.dead_connection_timeout = 3_000;
            transport.handshake_timeout = 500;
            JChannel a = alone(members, "beyond", transport);
            assumeTrue(transport.getEventLoopKind().equals("epoll"), "the JDK has no TCP_USER_TIMEOUT");
            List<Integer> counted = new CopyOnWriteArrayList<>();
            a.setReceiver(new Receiver() {
                @Override
                public void receive(Message message) {
                    if (!message.getSrc().equals(a.getAddress())) {
                        counted.add(message.<Integer>getObject());
                    }
                }
            });
            ChildJvm helper = MemberMain.start("beyond", transport.getBoundPort());
            try {
                TestMembers.awaitView(2, a);
                Freeze frozen = Freeze.of(helper.handle());
                byte[] body = new byte[100_000];
                AtomicInteger sent = new AtomicInteger();
                Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
                    a.send(new BytesMessage(null, body).setFlag(Message.Flag.NO_FC));
                    sent.incrementAndGet();
                    return transport.getSuspectsRefused() > 0;
                });
                assertThat(transport.getOpenConnections()).isZero();
                assertThat(transport.getSuspectsSent()).isZero();
                frozen.close();
                a.send(new BytesMessage(null, new byte[1]));
                Awaitility.await().until(() -> !counted.isEmpty());
                assertThat(counted).containsExactly(sent.get());
                assertThat(a.getView().size()).isEqualTo(2);
                assertThat(transport.getSuspectsSent()).isZero();
                assertThat(transport.getSuspectsRefused()).isEqualTo(1);
            } finally {
                helper.kill();
            }
        }
    }

    @Test
    void restartOfOneMemberExcludesNoOther() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = alone(members, "restart");
            List<View> views = new CopyOnWriteArrayList<>();
            a.setReceiver(new Receiver() {
                @Override
                public void viewAccepted(View view) {
                    views.add(view);
                }
            });
            ChildJvm stays = MemberMain.start("restart", TestMembers.of(a).getBoundPort());
            try {
                TestMembers.awaitView(2, a);
                Address staying = a.getView().getMembersRaw()[1];
                for (int round = 0; round < 2; round++) {
                    ChildJvm restarts =
                            MemberMain.start("restart", TestMembers.of(a).getBoundPort());
                    try {
                        TestMembers.awaitView(3, a);
                    } finally {
                        restarts.kill();
                    }
                    TestMembers.awaitView(2, a);
                }
                assertThat(views)
                        .isNotEmpty()
                        .filteredOn(view -> view.size() > 1)
                        .allSatisfy(view -> assertThat(view.getMembers()).contains(a.getAddress(), staying));
                assertThat(TestMembers.of(a).getSuspectsSent()).isEqualTo(2);
            } finally {
                stays.kill();
            }
        }
    }

    @Test
    void leaverIsNotSuspected() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = alone(members, "leaver");
            ChildJvm helper = MemberMain.start("leaver", TestMembers.of(a).getBoundPort());
            try {
                TestMembers.awaitView(2, a);
                helper.send("leave");
                Awaitility.await().until(() -> !helper.isAlive());
                TestMembers.awaitView(1, a);
                assertThat(TestMembers.of(a).getSuspectsSent()).isZero();
            } finally {
                helper.kill();
            }
        }
    }

    @Test
    void closingAllMembersSuspectsNobodyAndLeavesNoThread() throws Exception {
        TestMembers members = new TestMembers();
        JChannel a = members.join("A", "threads", TestMembers.secure());
        JChannel b = members.join("B", "threads", TestMembers.secure());
        JChannel c = members.join("C", "threads", TestMembers.secure());
        TestMembers.awaitView(3, a, b, c);
        TCP_NETTY[] transports = {TestMembers.of(a), TestMembers.of(b), TestMembers.of(c)};
        assertThat(ourThreads()).isNotEmpty();
        members.close();
        for (TCP_NETTY transport : transports) {
            assertThat(transport.getSuspectsSent()).isZero();
            assertThat(transport.getOpenConnections()).isZero();
        }
        Awaitility.await().untilAsserted(() -> assertThat(ourThreads()).isEmpty());
    }

    private static Set<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("evenkeel-"))
                .collect(Collectors.toSet());
    }
}
