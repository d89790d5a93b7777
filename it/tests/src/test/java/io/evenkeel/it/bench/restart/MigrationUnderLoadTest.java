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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Three real nodes with sessions in memory alone go from jdbc-ping to evenkeel-jdbc and all the way back while users
 * log in, refresh and introspect. The first step restarts them on jdbc-ping, for comparison. A node that has just been
 * restarted is slow until its code is compiled, on whichever stack: its first requests are counted by themselves.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class MigrationUnderLoadTest {
    private static final String STOCK = "jdbc-ping";
    private static final List<String> STEPS =
            List.of(STOCK, "evenkeel-migrate", "evenkeel-jdbc", "evenkeel-migrate", STOCK);
    private static final int SESSIONS = 5_000;
    private static final double RATE_PER_NODE = 10;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final int SLOWEST = 5;

    /** Of a node's restart to the end of its first requests. */
    private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(15);

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
            List<Step> steps = new ArrayList<>();
            String from = STOCK;
            try {
                for (String to : STEPS) {
                    LoadedRestarts restarts = LoadedRestarts.of(cluster, load, clock, System.out::println);
                    Step step = new Step(from + " -> " + to, restarts);
                    for (KeycloakNode node : scale.order().of(cluster.nodes())) {
                        step.add(restart(node, to, restarts, cluster), cluster, clock);
                    }
                    steps.add(step);
                    from = to;
                }
                load.stop();
            } finally {
                System.out.println("Migration under " + scale.rate() + " requests/s beside " + SESSIONS
                        + " sessions, mTLS " + mtls + ":\n"
                        + String.join("\n", table(steps, load).lines()));
                steps.forEach(step -> slowest(step, load.samples()).forEach(System.out::println));
            }
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
    private static Restart restart(KeycloakNode node, String stack, LoadedRestarts restarts, SessionCluster cluster)
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
        return restart;
    }

    private static List<ViewChange> views(KeycloakNode node) {
        return ClusterLog.viewChanges(node.log().lines());
    }

    /** The restarts of all nodes from one stack to another. */
    private static final class Step {
        final String name;
        final LoadedRestarts restarts;
        /** Of all caches. */
        final List<Long> rebalances = new ArrayList<>();

        Step(String name, LoadedRestarts restarts) {
            this.name = name;
            this.restarts = restarts;
        }

        /** Adds a restart that is over: the next one begins the coordinator's log anew. */
        void add(Restart restart, SessionCluster cluster, WallClock clock) {
            rebalances.add(cluster.rebalancesFinished().stream()
                    .filter(time -> clock.nsOf(time) >= restart.stopNs())
                    .count());
        }

        List<Window> fresh() {
            return restarts.done().stream()
                    .map(restart -> new Window(
                            Phase.FRESH,
                            restart.readyNs(),
                            restart.readyNs() + FRESH_NS,
                            Optional.of(restart.node()),
                            Double.NaN))
                    .toList();
        }
    }

    private static TextTable table(List<Step> steps, UserLoad load) {
        List<Window> fresh =
                steps.stream().flatMap(step -> step.fresh().stream()).toList();
        TextTable table = new TextTable(
                "step",
                "took",
                "ready after",
                "settled after",
                "MB",
                "rebalances",
                "lost",
                "requests",
                "p50",
                "p99",
                "max",
                "leave p99",
                "boot p99",
                "join p99",
                "fresh",
                "p50",
                "p99",
                "max");
        for (Step step : steps) {
            row(table, step, fresh, load.samples());
        }
        return table;
    }

    /** The latencies are those of the nodes that stay, and then those of the nodes that have come back. */
    private static void row(TextTable table, Step step, List<Window> fresh, List<Sample> samples) {
        List<Sample> toWarm = samples.stream()
                .filter(sample -> fresh.stream().noneMatch(window -> window.holdsOfAbsent(sample)))
                .toList();
        Recording staying = recording(step.restarts.windows(), step.restarts, toWarm);
        Histogram ofStaying = staying.latenciesNs(Phase::ofRestart);
        Histogram ofFresh = recording(step.fresh(), step.restarts, samples).freshLatenciesNs();
        List<Restart> done = step.restarts.done();
        long tookNs = done.get(done.size() - 1).settledNs() - done.get(0).stopNs();
        table.row(
                step.name,
                String.format(Locale.ROOT, "%.0f s", tookNs / NS_PER_S),
                String.format(Locale.ROOT, "%.1f s", mean(done, Restart::stopToReadyS)),
                String.format(Locale.ROOT, "%.1f s", mean(done, Restart::stopToSettledS)),
                String.format(Locale.ROOT, "%.0f", mean(done, Restart::receivedMb)),
                step.rebalances.toString(),
                Long.toString(staying.lost()),
                Long.toString(ofStaying.getTotalCount()),
                ms(ofStaying, 50),
                ms(ofStaying, 99),
                ms(ofStaying, 100),
                ms(staying.latenciesNs(phase -> phase == Phase.LEAVE), 99),
                ms(staying.latenciesNs(phase -> phase == Phase.BOOT), 99),
                ms(staying.latenciesNs(phase -> phase == Phase.TRANSFER), 99),
                Long.toString(ofFresh.getTotalCount()),
                ms(ofFresh, 50),
                ms(ofFresh, 99),
                ms(ofFresh, 100));
    }

    /** The slowest requests during each restart of a step, to whichever node. */
    private static List<String> slowest(Step step, List<Sample> samples) {
        return step.restarts.done().stream()
                .flatMap(restart -> samples.stream()
                        .filter(sample -> sample.intendedNs() >= restart.stopNs())
                        .filter(sample -> sample.intendedNs() < restart.settledNs())
                        .sorted(Comparator.comparingLong(Sample::latencyNs).reversed())
                        .limit(SLOWEST)
                        .map(sample -> String.format(
                                Locale.ROOT,
                                "%s: %.1f s after the stop of %s, a request to %s took %.0f ms",
                                step.name,
                                (sample.intendedNs() - restart.stopNs()) / NS_PER_S,
                                restart.node(),
                                sample.node(),
                                sample.latencyNs() / NS_PER_MS)))
                .toList();
    }

    private static Recording recording(List<Window> windows, LoadedRestarts restarts, List<Sample> samples) {
        long beginNs = restarts.done().get(0).stopNs();
        return new Recording(beginNs, System.nanoTime(), samples, windows, restarts.done(), List.of(), Double.NaN);
    }

    private static double mean(List<Restart> restarts, ToDoubleFunction<Restart> value) {
        return restarts.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private static String ms(Histogram latenciesNs, double percentile) {
        return latenciesNs.getTotalCount() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.0f ms", latenciesNs.getValueAtPercentile(percentile) / NS_PER_MS);
    }
}
