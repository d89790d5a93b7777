package io.evenkeel.it.cluster;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.LogLine;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The surroundings that the tests on real Keycloak nodes share: the sandbox with its PostgreSQL, and short ways to make
 * and ask nodes.
 */
final class RealKeycloak {
    static final String JDBC_STACK = "evenkeel-jdbc";
    static final Duration BOUND = Duration.ofMinutes(3);

    /** Sessions live in Infinispan alone, so that a session that another node knows came over the wire. */
    private static final String VOLATILE_SESSIONS = "--features-disabled=persistent-user-sessions";

    /** For JVMs that live for a minute: half the processor time of a start, and two thirds of the memory. */
    private static final List<String> SHORT_RUN =
            List.of("-XX:TieredStopAtLevel=1", "-XX:-UseG1GC", "-XX:+UseSerialGC");

    private RealKeycloak() {}

    static Sandbox sandbox() throws InterruptedException {
        return Sandbox.open(
                Path.of(System.getProperty("evenkeel.root")), System.getProperty("keycloak.version"), step -> {});
    }

    static HomeSpec home(Sandbox sandbox) {
        return homeWithoutPack().withProvider(sandbox.productJar());
    }

    static HomeSpec homeWithoutPack() {
        return HomeSpec.STOCK.withBuildOption(VOLATILE_SESSIONS);
    }

    /** A user whose name is found nowhere by chance: its sessions carry the name across the wire. */
    static Credentials markedAdmin() {
        return Credentials.generate("marker-" + UUID.randomUUID());
    }

    /** Adds a node that gives out tokens under one URL whichever node is asked; it is not started. */
    static KeycloakNode add(
            KeycloakCluster cluster,
            String name,
            NodePorts ports,
            Database database,
            Credentials admin,
            UnaryOperator<NodeConfig> change) {
        NodeConfig config = NodeConfig.of(name, JDBC_STACK, ports, database, admin)
                .withOption("--hostname=http://keycloak.example")
                .withOption("--hostname-backchannel-dynamic=false");
        for (String option : SHORT_RUN) {
            config = config.withJvmOption(option);
        }
        return cluster.add(change.apply(config));
    }

    /** Closes all of them, whatever one of them throws; those that are null were never opened. */
    static void closeInOrder(AutoCloseable... all) throws Exception {
        Exception failure = null;
        for (AutoCloseable one : all) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The lines that the pack itself logged as errors. */
    static List<LogLine> ourErrors(KeycloakNode node) {
        return node.log().ofLevel("ERROR").stream()
                .filter(line -> line.logger().startsWith("io.evenkeel"))
                .toList();
    }

    /** The value of a metric whose name ends so, summed over its labels; -1 if it is not there. */
    static double metric(KeycloakNode node, String nameEnd) {
        Matcher matcher = Pattern.compile("(?m)^\\S*" + Pattern.quote(nameEnd) + "(?:\\{[^}]*})? (\\S+)$")
                .matcher(node.metrics());
        double sum = 0;
        boolean found = false;
        while (matcher.find()) {
            found = true;
            sum += Double.parseDouble(matcher.group(1));
        }
        return found ? sum : -1;
    }
}
