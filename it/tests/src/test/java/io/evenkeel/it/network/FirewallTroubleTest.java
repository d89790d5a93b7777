package io.evenkeel.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A firewall at a peer's host rejects or loses packets for a moment: neither side excludes the other. */
class FirewallTroubleTest extends MembersOnTwoHosts {
    /** The default of patient_refusal_time: refusals alone prove a death after so long. */
    private static final long PATIENT_MS = 2_500;

    private static final int ROUNDS = 5;

    @Override
    void prepare() throws Exception {
        assumeTrue(run("iptables", "-S") == 0, "no iptables in network namespaces here");
    }

    @BeforeEach
    void bothAreConnectedForLiveness() {
        Awaitility.await().until(() -> transport().getLivenessConnections() > 0);
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

    /** Has a rule for so long, under traffic, and tells then that nobody was excluded. */
    private void trouble(String chain, long ms, String... what) throws Exception {
        List<String> rule = new ArrayList<>(List.of("iptables", "-A", chain, "-p", "tcp"));
        rule.addAll(List.of(what));
        for (int round = 0; round < ROUNDS; round++) {
            long fromNs = System.nanoTime();
            assumeTrue(run(rule.toArray(String[]::new)) == 0, "iptables does not know " + rule);
            sendFor(ms);
            assertThat(run("iptables", "-F", chain)).isZero();
            if (System.nanoTime() - fromNs < TimeUnit.MILLISECONDS.toNanos(PATIENT_MS)) {
                talk();
                assertNobodyWasExcluded();
                return;
            }
            // It lasted longer than it should have: no outage of that length was seen.
            close();
            membersOnTwoHosts();
            bothAreConnectedForLiveness();
        }
        assumeTrue(false, "no outage ends within " + PATIENT_MS + " ms here");
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
