package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Readiness;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks nodes for /health/ready all the time, and keeps what the check of the cluster said. */
final class ReadinessWatch implements AutoCloseable {
    private static final long PERIOD_MS = 250;

    private final ScheduledExecutorService threads;
    private final Set<String> clusterChecks = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();

    ReadinessWatch(List<KeycloakNode> nodes) {
        threads = Executors.newScheduledThreadPool(nodes.size());
        nodes.forEach(node -> threads.scheduleWithFixedDelay(() -> ask(node), 0, PERIOD_MS, TimeUnit.MILLISECONDS));
    }

    private void ask(KeycloakNode node) {
        node.readiness().map(Readiness::cluster).ifPresent(check -> {
            clusterChecks.add(check);
            answers.incrementAndGet();
        });
    }

    void awaitAnswers(int more) {
        int before = answers.get();
        await().atMost(BOUND).until(() -> answers.get() >= before + more);
    }

    Set<String> clusterChecks() {
        return Set.copyOf(clusterChecks);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
