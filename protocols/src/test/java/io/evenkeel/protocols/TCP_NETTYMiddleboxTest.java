package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A proxy in front of each of two members, as a sidecar is, restarts or loses its target: what it does to their
 * connections is not taken for the end of a process.
 */
class TCP_NETTYMiddleboxTest {
    private static final Duration OUTAGE = Duration.ofSeconds(2);

    /** The quick limit as ever; the patient one longer than the outage on the slowest machine. */
    private static void patient(TCP_NETTY transport) {
        transport.patient_refusal_time = 60_000;
    }

    private static ProxiedPair pair(String cluster) throws Exception {
        ProxiedPair pair = new ProxiedPair(cluster, TCP_NETTYMiddleboxTest::patient);
        Awaitility.await()
                .until(() -> ProxiedPair.of(pair.a).getLivenessConnections() > 0
                        && ProxiedPair.of(pair.b).getLivenessConnections() > 0);
        return pair;
    }

    /** The outage is what is done here; nothing is waited for but its end. */
    private static void assertThatNobodyIsSuspectedMeanwhile(ProxiedPair pair) {
        Awaitility.await()
                .during(OUTAGE)
                .until(() -> ProxiedPair.of(pair.a).getSuspectsSent() == 0
                        && ProxiedPair.of(pair.b).getSuspectsSent() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProxyThatEndsAllConnectionsAndRefusesExcludesNobody(boolean reset) throws Exception {
        try (ProxiedPair pair = pair("proxy-down")) {
            pair.stopProxies(reset);
            assertThatNobodyIsSuspectedMeanwhile(pair);
            Awaitility.await().until(() -> ProxiedPair.of(pair.a).getConnectsFailed() > 3);
            pair.startProxies();
            pair.assertThatBStaysInPlace();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProxyThatEndsAllConnectionsAndTakesOthersInVainExcludesNobody(boolean reset) throws Exception {
        try (ProxiedPair pair = pair("proxy-alone")) {
            pair.divertTo(TestPorts.free());
            if (reset) {
                pair.reset();
            } else {
                pair.finish();
            }
            assertThatNobodyIsSuspectedMeanwhile(pair);
            pair.divertNothing();
            pair.assertThatBStaysInPlace();
        }
    }

    /**
     * Behind such a proxy the port of a dead process never refuses: VERIFY_SUSPECT2 asks it, and FD_ALL3 is not waited
     * for.
     */
    @Test
    void aMemberWhoseProxyTakesConnectionsInVainIsAskedWhetherItLives() throws Exception {
        try (ProxiedPair pair = new ProxiedPair("dead-behind", transport -> transport.patient_refusal_time = 1_000)) {
            JChannel a = pair.a;
            pair.divertTo(TestPorts.free());
            pair.finish();
            TestMembers.awaitView(1, a);
            TCP_NETTY transport = ProxiedPair.of(a);
            assertThat(transport.getDoubtsSent()).isPositive();
            assertThat(transport.getSuspectsSent()).isZero();
            assertThat(LineLog.of(transport))
                    .anyMatch(line -> line.startsWith("INFO having the member at ") && line.contains("without a word"));
        }
    }
}
