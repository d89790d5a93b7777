package io.evenkeel.it.bench.discovery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.NetworkNamespace;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.SplitNetwork;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two members on each of two hosts, of another stack on each, in one cluster: what they send each other is lost for a
 * while, so that each side has a view of its own, and then they are one cluster again. All reach the database all the
 * time.
 */
@Timeout(600)
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class SplitBetweenStacksTest {
    /** The coordinator is on the left, and then on the right. */
    @ParameterizedTest
    @CsvSource({"STOCK, MIGRATE", "MIGRATE, EVENKEEL", "STOCK, STOCK"})
    void bothSidesMerge(MemberKind left, MemberKind right) throws Exception {
        assumeTrue(NetworkNamespace.obstacle().equals(Optional.empty()), "no network namespaces here");
        try (Sandbox sandbox = Sandbox.open(
                        Path.of(System.getProperty("evenkeel.root")),
                        System.getProperty("keycloak.version"),
                        Progress.SILENT);
                Lab lab = new Lab(sandbox, Scale.quick(1, 1), Progress.SILENT);
                ChannelPeer tables =
                        ChannelPeer.create(lab, Contender.STOCK, (left + "_" + right).toLowerCase(Locale.ROOT));
                SplitNetwork network = SplitNetwork.create(new SecureRandom());
                RecordingProxy relay = RecordingProxy.relay(
                        network.hostAddress(), sandbox.postgres().port())) {
            Database database = tables.databaseAt(network.hostAddress(), relay.port());
            for (List<Integer> order : List.of(List.of(0, 1, 0, 1), List.of(1, 0, 1, 0))) {
                tables.clearTable();
                try (SplitCluster cluster = new SplitCluster(left, right, network, database)) {
                    for (int host : order) {
                        cluster.connect(host);
                    }
                    splitAndHeal(cluster, network, left + " | " + right + ", started first: " + order.get(0));
                }
            }
        }
    }

    private static void splitAndHeal(SplitCluster cluster, SplitNetwork network, String what)
            throws InterruptedException {
        long cutNs = System.nanoTime();
        network.cut();
        try {
            cluster.awaitSplit();
        } finally {
            network.heal();
        }
        long splitNs = cluster.lastViewNs();
        long healedNs = System.nanoTime();
        cluster.awaitOneView("the sides did not merge");
        System.out.printf(
                "SplitBetweenStacksTest: %s: two views %.1f s after the cut, one view %.1f s after the heal%n",
                what, (splitNs - cutNs) / 1e9, (cluster.lastViewNs() - healedNs) / 1e9);
    }
}
