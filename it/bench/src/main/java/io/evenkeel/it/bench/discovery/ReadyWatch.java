package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Readiness;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks a node for /health/ready every 250 ms and keeps what it said, and which of its checks said so. */
final class ReadyWatch {
    private static final long PERIOD_MS = 250;
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(5);

    private final KeycloakNode node;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_BOUND)
            .build();
    private final List<Sample> samples = new ArrayList<>();

    /**
     * An answer.
     *
     * @param atNs when it was there
     * @param status of HTTP; 0 for none
     * @param clusterDown whether the check of the cluster was DOWN
     */
    private record Sample(long atNs, int status, boolean clusterDown) {}

    ReadyWatch(KeycloakNode node) {
        this.node = node;
    }

    void start(ScheduledExecutorService threads) {
        threads.scheduleAtFixedRate(this::ask, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void ask() {
        Sample sample = sample();
        synchronized (samples) {
            samples.add(sample);
        }
    }

    private Sample sample() {
        HttpRequest request = HttpRequest.newBuilder(node.managementUrl("/health/ready"))
                .timeout(ANSWER_BOUND)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            boolean down = Readiness.of(response.statusCode(), response.body()).clusterDown();
            return new Sample(System.nanoTime(), response.statusCode(), down);
        } catch (IOException e) {
            return new Sample(System.nanoTime(), 0, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Sample(System.nanoTime(), 0, false);
        }
    }

    /** For how long the cluster's check was DOWN: each answer counts for the time since the one before it. */
    double clusterDownS() {
        synchronized (samples) {
            double downS = 0;
            for (int i = 0; i < samples.size(); i++) {
                if (samples.get(i).clusterDown()) {
                    downS += i == 0
                            ? PERIOD_MS / 1e3
                            : (samples.get(i).atNs() - samples.get(i - 1).atNs()) / 1e9;
                }
            }
            return downS;
        }
    }

    /** The time from a moment to the last answer other than 200; 0 if there was none. */
    double lastUnreadyS(long sinceNs) {
        synchronized (samples) {
            return samples.stream()
                    .filter(s -> s.atNs() - sinceNs > 0 && s.status() != 200)
                    .mapToDouble(s -> (s.atNs() - sinceNs) / 1e9)
                    .max()
                    .orElse(0);
        }
    }

    int answers() {
        synchronized (samples) {
            return (int) samples.stream().filter(s -> s.status() != 0).count();
        }
    }

    /** True if the last answer was 200. */
    boolean ready() {
        synchronized (samples) {
            return !samples.isEmpty() && samples.get(samples.size() - 1).status() == 200;
        }
    }
}
