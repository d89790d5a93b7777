package io.evenkeel.it.cluster;

import static org.awaitility.Awaitility.await;

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
import java.util.function.DoublePredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The surroundings that the tests on real Keycloak nodes share: the sandbox with its PostgreSQL, and short ways to make
 * and ask nodes.
 */
final class RealKeycloak {
    static final String JDBC_STACK = "evenkeel-jdbc";
    /** Of a wait in vain. A start takes ten seconds, and minutes with a fraction of a processor. */
    static final Duration BOUND = Duration.ofMinutes(10);

    private static final Path ROOT = Path.of(System.getProperty("evenkeel.root"));
    private static final String VERSION = System.getProperty("keycloak.version");

    /** Sessions live in Infinispan alone, so that a session that another node knows came over the wire. */
    private static final String VOLATILE_SESSIONS = "--features-disabled=persistent-user-sessions";

    /** A look at all metrics keeps a node busy for tens of milliseconds. */
    private static final Duration METRICS_PAUSE = Duration.ofMillis(300);

    private RealKeycloak() {}

    static Sandbox sandbox() throws InterruptedException {
        return Sandbox.open(ROOT, VERSION, step -> {});
    }

    /** One whose databases have Keycloak's tables and an administrator. */
    static Sandbox sandboxWithTables() throws InterruptedException {
        return Sandbox.openWithTables(ROOT, VERSION, step -> {});
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
                .withOption("--hostname-backchannel-dynamic=false")
                .withShortRun();
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

    /** Waits until it is as wanted. */
    static void awaitMetric(KeycloakNode node, String nameEnd, DoublePredicate wanted) {
        await().atMost(BOUND).pollInterval(METRICS_PAUSE).until(() -> wanted.test(metric(node, nameEnd)));
    }
}
