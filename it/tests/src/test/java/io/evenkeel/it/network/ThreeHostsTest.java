package io.evenkeel.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.ShapedNetwork;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three members on hosts of their own, with the default limits; the same ones as long as nobody is excluded.
 * Connections between healthy ones are reset, by the kernel, by a firewall that has lost its table or by one that
 * rejects, and nobody is excluded; a process that is killed is.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreeHostsTest {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String ALL = "VIEW 3 ";
    /** The default of patient_refusal_time: refusals alone prove a death after so long. */
    private static final long PATIENT_MS = 2_500;

    private static final int ROUNDS = 5;

    private final List<ChildJvm> members = new ArrayList<>();
    private ShapedNetwork network;
    private boolean nobodyWasExcluded;

    @BeforeEach
    void threeMembers() throws Exception {
        assumeTrue(ShapedNetwork.obstacle().isEmpty(), () -> ShapedNetwork.obstacle()
                .orElse(""));
        if (network != null) {
            return;
        }
        network = ShapedNetwork.create(new SecureRandom(), 3, Duration.ZERO);
        for (ShapedNetwork.Host host : network.hosts()) {
            List<String> addresses = new ArrayList<>(List.of(host.address()));
            network.hosts().forEach(each -> addresses.add(each.address()));
            ChildJvm member =
                    ChildJvm.start(host.prefix(), host.address(), HostMember.class, addresses.toArray(String[]::new));
            members.add(member);
            member.await(line -> line.startsWith("VIEW " + members.size()), "VIEW", BOUND);
        }
        awaitLivenessConnections();
    }

    /** For the first time, or again. */
    private void awaitLivenessConnections() {
        for (ChildJvm member : members) {
            Awaitility.await().atMost(BOUND).untilAsserted(() -> assertThat(state(member))
                    .matches("STATE .* open=2 liveness=[2-9] .*"));
        }
    }

    @AfterEach
    void closeUnlessNobodyWasExcluded() {
        if (!nobodyWasExcluded) {
            close();
        }
        nobodyWasExcluded = false;
    }

    @AfterAll
    void close() {
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).close();
        }
        members.clear();
        if (network != null) {
            network.close();
            network = null;
        }
    }

    private static String state(ChildJvm member) throws InterruptedException {
        member.send("state");
        return member.await(line -> line.startsWith("STATE"), "STATE", BOUND);
    }

    private static List<String> views(ChildJvm member) {
        return member.said(line -> line.startsWith("VIEW"));
    }

    /** Every member asks all others, and all answer. */
    private void talk() throws InterruptedException {
        for (ChildJvm member : members) {
            member.send("talk");
            member.await("TALKED"::equals, "TALKED", BOUND);
        }
    }

    private void assertNobodyWasExcluded() throws InterruptedException {
        for (ChildJvm member : members) {
            assertThat(state(member)).contains(" suspects=0 ");
            assertThat(views(member)).last().asString().startsWith(ALL);
            assertThat(views(member).stream().filter(view -> view.startsWith(ALL)))
                    .hasSize(1);
        }
        nobodyWasExcluded = true;
    }

    private long reconnectsOfFirst() throws InterruptedException {
        String state = state(members.get(0));
        return Long.parseLong(state.substring(state.lastIndexOf('=') + 1));
    }

    private String on(int host, String script) throws Exception {
        List<String> command = new ArrayList<>(network.hosts().get(host).prefix());
        command.addAll(List.of("sh", "-c", script));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0, () -> "cannot run here: " + script + ": " + said);
        return said;
    }

    private String address(int host) {
        return network.hosts().get(host).address();
    }

    /** One after the other, each time before or after the connections are there again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void connectionsThatAreDestroyedExcludeNobody(int times) throws Exception {
        long reconnects = reconnectsOfFirst();
        for (int i = 0; i < times; i++) {
            String destroyed = on(0, "ss -K -H -t state established dst " + address(1));
            if (i == 0) {
                assumeTrue(!destroyed.isBlank(), "this kernel destroys no sockets (INET_DIAG_DESTROY)");
            }
            talk();
        }
        talk();
        awaitLivenessConnections();
        assertThat(reconnectsOfFirst()).isGreaterThan(reconnects);
        assertNobodyWasExcluded();
    }

    /** A firewall that has lost its table of connections answers packets of those that it does not know with resets. */
    @Test
    void aFirewallThatForgetsItsConnectionsExcludesNobody() throws Exception {
        long reconnects = reconnectsOfFirst();
        on(
                0,
                "iptables -A INPUT -p tcp -m conntrack --ctstate INVALID -j REJECT --reject-with tcp-reset"
                        + " && echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose");
        talk();
        on(0, "conntrack -F");
        talk();
        awaitLivenessConnections();
        assertThat(reconnectsOfFirst()).isGreaterThan(reconnects);
        on(0, "iptables -F INPUT && echo 1 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose");
        assertNobodyWasExcluded();
    }

    /** At one host, or between two of them. */
    @ParameterizedTest
    @CsvSource({"300,false,tcp-reset", "2000,false,tcp-reset", "2000,true,tcp-reset", "2000,true,icmp-port-unreachable"
    })
    void aFirewallThatRejectsExcludesNobody(long ms, boolean between, String with) throws Exception {
        String rule = "iptables -A INPUT -p tcp " + (between ? "-s " + address(1) + " " : "")
                + "-j REJECT --reject-with " + with;
        for (int round = 0; round < ROUNDS; round++) {
            long fromNs = System.nanoTime();
            on(0, rule + " && sleep " + ms / 1e3 + " && iptables -F INPUT");
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNs);
            if (tookMs < PATIENT_MS) {
                talk();
                assertNobodyWasExcluded();
                return;
            }
            // It lasted longer than it should have: no outage of that length was seen.
            close();
            threeMembers();
        }
        assumeTrue(false, "no outage ends within " + PATIENT_MS + " ms here");
    }

    /** By its liveness connections, also if those are the second ones. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aProcessThatIsKilledIsExcluded(int killed) throws Exception {
        on(killed, "ss -K -H -t state established dst " + address(1));
        talk();
        awaitLivenessConnections();
        long killedMs = System.currentTimeMillis();
        members.get(killed).kill();
        for (ChildJvm member : members) {
            if (member.isAlive()) {
                String view = member.await(line -> line.startsWith("VIEW 2 "), "VIEW 2", BOUND);
                System.out.println("ThreeHostsTest: view without " + (killed == 0 ? "the coordinator" : "a member")
                        + " " + (Long.parseLong(view.substring("VIEW 2 ".length())) - killedMs) + " ms after kill -9");
            }
        }
        // The other one may be told before it has seen anything.
        ChildJvm coordinator = members.get(killed == 0 ? 1 : 0);
        assertThat(state(coordinator)).contains(" suspects=1 ");
    }
}
