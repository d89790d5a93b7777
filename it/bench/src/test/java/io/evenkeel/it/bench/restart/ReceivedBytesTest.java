package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Programs;
import io.evenkeel.it.node.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The benchmark's meter of what a node received, beside what the kernel counted on the connections of real nodes of a
 * contender.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class ReceivedBytesTest {
    private static final int SESSIONS = 20_000;
    private static final Pattern CONNECTION = Pattern.compile("^\\S+ +\\d+ +\\d+ +\\S+:(\\d+) +\\S+:(\\d+) .*");
    private static final Pattern RECEIVED = Pattern.compile("bytes_received:(\\d+)");
    /** Headers of messages, TLS, heartbeats, and what came between the two readings. */
    private static final double MOST_OVERHEAD = 0.25;

    @ParameterizedTest
    @EnumSource(
            value = Contender.class,
            names = {"STOCK", "EVENKEEL"})
    void aJoinersStateIsInIt(Contender contender) throws Exception {
        assumeTrue(Programs.areInstalled("ss"), "ss is not installed");
        String name = "received_" + contender.name().toLowerCase(Locale.ROOT);
        try (Sandbox sandbox = Sandbox.open(
                        Path.of(System.getProperty("evenkeel.root")),
                        System.getProperty("keycloak.version"),
                        step -> {});
                SessionCluster cluster = SessionCluster.create(
                        sandbox,
                        NodeKind.of(contender, sandbox),
                        name,
                        RestartScale.quick(List.of(contender), SESSIONS, 1, 1).withHeapMb(512),
                        List.of(),
                        Diagnostics.create(name, sandbox.dir().resolve("evidence"), Optional.empty()))) {
            cluster.startWith(SESSIONS);
            KeycloakNode joiner = cluster.node(2);
            assertThat(joiner.stop()).isTrue();
            joiner.start();
            SessionCluster.awaitReady(joiner, new CpuMeter(System.nanoTime()));
            cluster.awaitSettled(joiner, new CpuMeter(System.nanoTime()));

            long counted = cluster.receivedBytes(List.of(joiner));
            long byKernel = receivedByKernel(joiner, cluster.nodes());
            System.out.printf("%s: %,d bytes counted, %,d by the kernel%n", contender.label(), counted, byKernel);
            assertThat(counted).isLessThanOrEqualTo(byKernel).isGreaterThan((long) (byKernel * (1 - MOST_OVERHEAD)));
        }
    }

    /** On the connections of the node that are open now, to the cluster's ports or from them. */
    private static long receivedByKernel(KeycloakNode node, List<KeycloakNode> all) throws IOException {
        List<String> ports = all.stream()
                .map(each -> Integer.toString(each.config().ports().jgroups()))
                .toList();
        String owner = ",pid=" + node.javaPid().orElseThrow() + ",";
        Process ss = new ProcessBuilder("ss", "--tcp", "--numeric", "--info", "--processes", "--oneline", "--no-header")
                .start();
        return new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(owner))
                .filter(line -> {
                    Matcher connection = CONNECTION.matcher(line);
                    return connection.matches()
                            && (ports.contains(connection.group(1)) || ports.contains(connection.group(2)));
                })
                .map(RECEIVED::matcher)
                .filter(Matcher::find)
                .mapToLong(received -> Long.parseLong(received.group(1)))
                .sum();
    }
}
