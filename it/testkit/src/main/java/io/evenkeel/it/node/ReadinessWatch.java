package io.evenkeel.it.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks nodes for /health/ready every 250 ms until it is closed, and keeps what they said. Any thread. */
public final class ReadinessWatch implements AutoCloseable {
    private static final long PERIOD_MS = 250;
    private static final int OK = 200;
    private static final Readiness NO_ANSWER = new Readiness(0, "");

    private final ScheduledExecutorService threads;
    private final Map<KeycloakNode, List<Sample>> samples = new LinkedHashMap<>();

    /** A thread a node: one that does not answer must not delay the questions to the others. */
    public ReadinessWatch(List<KeycloakNode> nodes) {
        threads = Executors.newScheduledThreadPool(nodes.size());
        for (KeycloakNode node : nodes) {
            samples.put(node, new ArrayList<>());
            threads.scheduleAtFixedRate(() -> ask(node), 0, PERIOD_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** An answer and when it was there. */
    private record Sample(long atNs, Readiness answer) {
        boolean answered() {
            return answer.status() != 0;
        }
    }

    private void ask(KeycloakNode node) {
        Readiness answer = node.readiness().orElse(NO_ANSWER);
        List<Sample> own = samples.get(node);
        synchronized (own) {
            own.add(new Sample(System.nanoTime(), answer));
        }
    }

    private List<Sample> of(KeycloakNode node) {
        List<Sample> own = samples.get(node);
        synchronized (own) {
            return List.copyOf(own);
        }
    }

    private Stream<Sample> answered() {
        return samples.keySet().stream().flatMap(node -> of(node).stream()).filter(Sample::answered);
    }

    /** Waits for that many more answers. */
    public void awaitAnswers(int more, Duration bound) throws InterruptedException {
        long wanted = answered().count() + more;
        if (!Waits.until(() -> answered().count() >= wanted, bound)) {
            throw new RunException(
                    "The nodes did not answer /health/ready " + more + " times within " + bound.toSeconds() + " s.");
        }
    }

    /** A node that never answered. */
    public Optional<KeycloakNode> silent() {
        return samples.keySet().stream()
                .filter(node -> of(node).stream().noneMatch(Sample::answered))
                .findFirst();
    }

    /** All that the check of the cluster said. */
    public Set<String> clusterChecks() {
        return answered().map(sample -> sample.answer().cluster()).collect(Collectors.toSet());
    }

    /** True if the last answer of each node was 200. */
    public boolean ready() {
        return samples.keySet().stream()
                .map(this::of)
                .allMatch(own ->
                        !own.isEmpty() && own.get(own.size() - 1).answer().status() == OK);
    }

    /** For how long a node's check of the cluster was DOWN: each answer counts for the time since the one before it. */
    public double clusterDownS() {
        return worst(own -> {
            double downS = 0;
            for (int i = 0; i < own.size(); i++) {
                if (own.get(i).answer().clusterDown()) {
                    downS += i == 0
                            ? PERIOD_MS / 1e3
                            : (own.get(i).atNs() - own.get(i - 1).atNs()) / 1e9;
                }
            }
            return downS;
        });
    }

    /** The time from a moment to a node's last answer other than 200; 0 if there was none. */
    public double lastUnreadyS(long sinceNs) {
        return worst(own -> own.stream()
                .filter(s -> s.atNs() - sinceNs > 0 && s.answer().status() != OK)
                .mapToDouble(s -> (s.atNs() - sinceNs) / 1e9)
                .max()
                .orElse(0));
    }

    private double worst(ToDoubleFunction<List<Sample>> value) {
        return samples.keySet().stream().map(this::of).mapToDouble(value).max().orElseThrow();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
