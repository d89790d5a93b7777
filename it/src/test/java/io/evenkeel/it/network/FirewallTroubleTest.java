package io.evenkeel.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.NetworkNamespace;
import io.evenkeel.protocols.TCP_NETTY;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A firewall at a peer's host rejects or loses packets for a moment: neither side excludes the other. */
@Timeout(180)
class FirewallTroubleTest {
    /** Longer than any outage here on a machine that is slow to end it; the quick limit stays at its 120 ms. */
    private static final int PATIENT_REFUSAL_MS = 10_000;

    @TempDir
    Path dir;

    private final List<View> views = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();
    private NetworkNamespace host;
    private JChannel near;

    @BeforeEach
    void membersOnTwoHosts() throws Exception {
        assumeTrue(NetworkNamespace.obstacle().equals(Optional.empty()), "no network namespaces here");
        host = NetworkNamespace.create(new SecureRandom());
        open.add(host);
        assumeTrue(run("iptables", "-S") == 0, "no iptables in network namespaces here");
        near = Members.channel("near", host.hostAddress(), null);
        transport().setValue("patient_refusal_time", PATIENT_REFUSAL_MS);
        open.add(near);
        near.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                answers.incrementAndGet();
            }

            @Override
            public void viewAccepted(View view) {
                views.add(view);
            }
        });
        near.connect(Members.CLUSTER);
        List<String> java = new ArrayList<>(host.inside());
        java.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.net.preferIPv4Stack=true",
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FarMember.class.getName(),
                host.innerAddress(),
                host.hostAddress(),
                String.valueOf(transport().getBoundPort())));
        open.add(ChildProcess.start(java, dir, Map.of("PATH", System.getenv("PATH")), dir.resolve("far.log")));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> near.getView().size() == 2 && transport().getLivenessConnections() > 0);
        talk();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private TCP_NETTY transport() {
        return (TCP_NETTY) near.getProtocolStack().getTransport();
    }

    private int run(String... command) throws Exception {
        List<String> inside = new ArrayList<>(host.inside());
        inside.addAll(Arrays.asList(command));
        Process process = new ProcessBuilder(inside)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    private void send() throws Exception {
        near.send(new BytesMessage(near.getView().getMembersRaw()[1], new byte[] {1}));
    }

    /** A message to the far one and its answer. */
    private void talk() throws Exception {
        int before = answers.get();
        send();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> answers.get() > before);
    }

    /** Has a rule for so long, under traffic, and tells then that nobody was excluded. */
    private void trouble(String chain, long ms, String... what) throws Exception {
        List<String> rule = new ArrayList<>(List.of("iptables", "-A", chain, "-p", "tcp"));
        rule.addAll(List.of(what));
        assumeTrue(run(rule.toArray(String[]::new)) == 0, "iptables does not know " + rule);
        long fromNs = System.nanoTime();
        // The outage is what is done here; nothing is waited for but its end.
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> {
            send();
            return System.nanoTime() - fromNs > TimeUnit.MILLISECONDS.toNanos(ms);
        });
        assertThat(run("iptables", "-F", chain)).isZero();
        talk();
        assertThat(views).extracting(View::size).containsExactly(1, 2);
        assertThat(transport().getSuspectsSent()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "INPUT,100,tcp-reset",
        "INPUT,300,tcp-reset",
        "INPUT,1000,tcp-reset",
        "INPUT,2000,tcp-reset",
        "OUTPUT,300,tcp-reset",
        "OUTPUT,2000,tcp-reset",
        "INPUT,300,icmp-port-unreachable",
        "INPUT,2000,icmp-port-unreachable",
        "INPUT,2000,icmp-host-unreachable"
    })
    void aFirewallThatRejectsForAMomentExcludesNobody(String chain, long ms, String with) throws Exception {
        trouble(chain, ms, "-j", "REJECT", "--reject-with", with);
    }

    @ParameterizedTest
    @CsvSource({"INPUT,0.1", "OUTPUT,0.3"})
    void lostPacketsExcludeNobody(String chain, String probability) throws Exception {
        trouble(chain, 2_000, "-m", "statistic", "--mode", "random", "--probability", probability, "-j", "DROP");
    }
}
