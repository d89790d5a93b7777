package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.TextTable;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.ViewChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Three real nodes with sessions in memory alone go from jdbc-ping to evenkeel-jdbc and all the way back while users
 * log in, refresh and introspect. The first step restarts them on jdbc-ping, for comparison.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class MigrationUnderLoadTest {
    private static final String STOCK = "jdbc-ping";
    private static final List<String> STEPS =
            List.of(STOCK, "evenkeel-migrate", "evenkeel-jdbc", "evenkeel-migrate", STOCK);
    private static final int SESSIONS = 5_000;
    private static final double RATE_PER_NODE = 10;
    private static final double NS_PER_MS = 1e6;

    /** A counter of suspicions, JGroups' or the pack's own, that is not zero. */
    private static final Pattern SUSPECTED =
            Pattern.compile("(?i)^[a-z0-9_]*jgroups[a-z0-9_]*suspect[a-z0-9_]*(?:\\{[^}]*})? (?!0\\.0$).*");

    private final RestartScale scale = RestartScale.quick(List.of(Contender.STOCK), SESSIONS, RATE_PER_NODE, 1)
            .withHeapMb(512);

    @Test
    void noSessionAndNoRequestIsLostThereAndBack() throws Exception {
        thereAndBack(true);
    }

    @Test
    void norInClear() throws Exception {
        thereAndBack(false);
    }

    private void thereAndBack(boolean mtls) throws Exception {
        long seed = System.nanoTime();
        System.out.println("MigrationUnderLoadTest seed " + seed);
        try (Sandbox sandbox = Sandbox.open(
                        Path.of(System.getProperty("evenkeel.root")),
                        System.getProperty("keycloak.version"),
                        step -> {});
                SessionCluster cluster = cluster(sandbox, mtls);
                UserLoad load = load(cluster, seed)) {
            load.start();
            WallClock clock = WallClock.now();
            TextTable table = new TextTable(
                    "step", "ready after", "settled after", "lost", "requests", "failed", "p50", "p99", "max");
            String from = STOCK;
            for (String to : STEPS) {
                LoadedRestarts restarts = LoadedRestarts.of(cluster, load, clock, System.out::println);
                for (KeycloakNode node : scale.order().of(cluster.nodes())) {
                    restart(node, to, restarts, cluster);
                }
                row(table, from + " -> " + to, recording(restarts, load));
                from = to;
            }
            load.stop();
            System.out.println("Migration under " + scale.rate() + " requests/s beside " + SESSIONS + " sessions, mTLS "
                    + mtls + ":\n" + String.join("\n", table.lines()));
            assertThat(load.samples()).filteredOn(Sample::failed).isEmpty();
        }
    }

    private SessionCluster cluster(Sandbox sandbox, boolean mtls) throws InterruptedException {
        HomeSpec home =
                HomeSpec.STOCK.withProvider(sandbox.productJar()).withProvider(ProviderJar.writeTo(sandbox.dir()));
        String name = "migration_" + mtls;
        SessionCluster cluster = SessionCluster.create(
                sandbox,
                new NodeKind("node", home, STOCK, config -> config.withJvmOption("-XX:TieredStopAtLevel=1")
                        .withOption("--cache-embedded-mtls-enabled=" + mtls)),
                name,
                scale,
                List.of(),
                Diagnostics.create(name, sandbox.dir().resolve("evidence"), Optional.empty()));
        boolean done = false;
        try {
            cluster.startWith(SESSIONS);
            done = true;
            return cluster;
        } finally {
            if (!done) {
                cluster.close();
            }
        }
    }

    private UserLoad load(SessionCluster cluster, long seed) {
        return new UserLoad(cluster.realm(), cluster.nodes(), scale.rate(), new Random(seed));
    }

    /** The nodes that stay see one view without it and one with it, and take none of each other for dead. */
    private static void restart(KeycloakNode node, String stack, LoadedRestarts restarts, SessionCluster cluster)
            throws InterruptedException {
        List<KeycloakNode> staying =
                cluster.nodes().stream().filter(other -> other != node).toList();
        List<Integer> viewsBefore =
                staying.stream().map(each -> views(each).size()).toList();
        node.configure(node.config().withStack(stack));

        Restart restart = restarts.restart(node);

        assertThat(restart.graceful()).as("stop of %s", node.name()).isTrue();
        assertThat(restart.lost()).as("sessions lost with %s", node.name()).isZero();
        for (int i = 0; i < staying.size(); i++) {
            List<ViewChange> views = views(staying.get(i));
            assertThat(views.subList(viewsBefore.get(i), views.size()))
                    .as("views of %s", staying.get(i).name())
                    .extracting(change -> change.view().size())
                    .containsExactly(RestartScale.NODES - 1, RestartScale.NODES);
        }
        for (KeycloakNode each : cluster.nodes()) {
            assertThat(each.metrics().lines())
                    .as("suspicions of %s", each.name())
                    .noneMatch(line -> SUSPECTED.matcher(line).matches());
            assertThat(each.log().ofLevel("ERROR"))
                    .as("errors of %s", each.name())
                    .noneMatch(line -> line.logger().startsWith("io.evenkeel"))
                    // What a message is to Infinispan that is for a protocol which the node does not have.
                    .noneMatch(line -> line.message().contains("ISPN000474"));
        }
    }

    private static List<ViewChange> views(KeycloakNode node) {
        return ClusterLog.viewChanges(node.log().lines());
    }

    private static Recording recording(LoadedRestarts restarts, UserLoad load) {
        long beginNs = restarts.done().get(0).stopNs();
        return new Recording(
                beginNs, System.nanoTime(), load.samples(), restarts.windows(), restarts.done(), List.of(), Double.NaN);
    }

    /** The latencies are those of the nodes that stay. */
    private static void row(TextTable table, String step, Recording recording) {
        Histogram latencies = recording.latenciesNs(Phase::ofRestart);
        table.row(
                step,
                String.format(Locale.ROOT, "%.1f s", mean(recording, Restart::stopToReadyS)),
                String.format(Locale.ROOT, "%.1f s", mean(recording, Restart::stopToSettledS)),
                Long.toString(recording.lost()),
                Long.toString(latencies.getTotalCount()),
                Integer.toString(recording.failed().size()),
                ms(latencies.getValueAtPercentile(50)),
                ms(latencies.getValueAtPercentile(99)),
                ms(latencies.getMaxValue()));
    }

    private static double mean(Recording recording, ToDoubleFunction<Restart> value) {
        return recording.restarts().stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private static String ms(long ns) {
        return String.format(Locale.ROOT, "%.1f ms", ns / NS_PER_MS);
    }
}
