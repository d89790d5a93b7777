package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.wire.LineLog;
import io.evenkeel.protocols.wire.MemberMain;
import io.evenkeel.protocols.wire.TestMembers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A killed process is excluded by its connection alone: neither FD_ALL3 nor VERIFY_SUSPECT2 would have done with it before this
 * class's time is over. A leaver is not suspected.
 */
@Timeout(60)
class TCP_NETTYFailureDetectionTest {

    private static Process helper(String cluster, int port) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.net.preferIPv4Stack=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemberMain.class.getName(),
                        cluster,
                        String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static JChannel alone(TestMembers members, String cluster) throws Exception {
        JChannel channel = members.channel("A", TestMembers.plain(), new TCPPING().setInitialHosts(List.of()));
        channel.getProtocolStack()
                .<VERIFY_SUSPECT2>findProtocol(VERIFY_SUSPECT2.class)
                .setTimeout(120_000);
        return channel.connect(cluster);
    }

    @Test
    void killedProcessIsSuspected() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = alone(members, "killed");
            Process helper = helper("killed", TestMembers.of(a).getBoundPort());
            try {
                TestMembers.awaitView(2, a);
            } finally {
                helper.destroyForcibly().waitFor();
            }
            TestMembers.awaitView(1, a);
            assertThat(TestMembers.of(a).getSuspectsSent()).isEqualTo(1);
            assertThat(LineLog.of(TestMembers.of(a)))
                    .anyMatch(line -> line.startsWith("INFO suspecting the member at 127.0.0.1:"));
        }
    }

    @Test
    void leaverIsNotSuspected() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = alone(members, "leaver");
            Process helper = helper("leaver", TestMembers.of(a).getBoundPort());
            try {
                TestMembers.awaitView(2, a);
                helper.getOutputStream().write('x');
                helper.getOutputStream().flush();
                assertThat(helper.waitFor(20, TimeUnit.SECONDS)).isTrue();
                TestMembers.awaitView(1, a);
                assertThat(TestMembers.of(a).getSuspectsSent()).isZero();
            } finally {
                helper.destroyForcibly().waitFor();
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
            assertThat(transport.getFramesDropped()).isZero();
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
