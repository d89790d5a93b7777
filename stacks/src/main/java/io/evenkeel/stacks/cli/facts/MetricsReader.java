package io.evenkeel.stacks.cli.facts;

import io.evenkeel.certs.core.LogText;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.stacks.cli.core.MetricFacts;
import io.evenkeel.stacks.cli.settings.ManagementEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads /metrics of nodes. The label {@code node} tells whose series they are. One thread uses it. */
public final class MetricsReader {
    /** A line of the text format of Prometheus. */
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{(.*)} (\\S+)(?: \\d+)?");

    /** Infinispan writes its version behind the member's name: {@code node-1(v=16.0.14)}. */
    private static final Pattern NODE = Pattern.compile("(?:^|,)node=\"((?:[^\"\\\\]|\\\\.)*?)(?:\\(v=[^\"]*\\))?\"");

    private static final String TRANSPORT = "evenkeel_tcp_netty_";
    private static final String TRANSFER = "evenkeel_state_transfer_";
    private static final Set<String> WANTED = Set.of(
            TRANSPORT + "open_connections",
            TRANSPORT + "tls_provider_in_use",
            TRANSPORT + "certificate_not_after_timestamp_seconds",
            TRANSFER + "segments",
            TRANSFER + "awaited_segments",
            TRANSFER + "remaining_seconds");

    private final List<URI> given;
    private final ManagementEndpoint endpoint;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * Reads nothing yet.
     *
     * @param given where to look; empty for the management port of each node's address
     * @param endpoint the management port that a node has by Keycloak's options
     * @throws IllegalArgumentException naming a URL that is not one of HTTP
     */
    public MetricsReader(List<URI> given, ManagementEndpoint endpoint, Duration timeout) {
        given.forEach(MetricsReader::requireHttp);
        this.given = List.copyOf(given);
        this.endpoint = endpoint;
        this.timeout = timeout;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    private static void requireHttp(URI uri) {
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "--metrics-url=" + uri + " must be a URL such as http://node-1:9000/metrics");
        }
    }

    /** Asks all endpoints at once; blocks for one timeout or so. */
    public Function<LeaseRow, MetricFacts> read(List<LeaseRow> rows) {
        Set<URI> uris = new LinkedHashSet<>(given);
        if (given.isEmpty()) {
            rows.forEach(row -> endpoint.of(row.who().physicalAddress()).ifPresent(uris::add));
        }
        Map<URI, CompletableFuture<Answer>> asked = uris.stream().collect(Collectors.toMap(uri -> uri, this::ask));
        Map<URI, String> failures = new HashMap<>();
        Map<String, Map<String, Double>> nodes = new HashMap<>();
        asked.forEach((uri, future) -> {
            Answer answer = future.join();
            if (answer.failure.isEmpty()) {
                collect(answer.body, nodes);
            } else {
                failures.put(uri, answer.failure);
            }
        });
        return row -> facts(row, nodes, failures);
    }

    private record Answer(String body, String failure) {}

    private CompletableFuture<Answer> ask(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> response.statusCode() == 200
                        ? new Answer(response.body(), "")
                        : new Answer("", "answers with status " + response.statusCode() + "; set metrics-enabled=true"))
                .exceptionally(e -> {
                    Throwable cause = e.getCause() instanceof IOException io ? io : e;
                    return new Answer(
                            "",
                            "cannot be read ("
                                    + LogText.oneLine(cause.getClass().getSimpleName()) + ")");
                });
    }

    static void collect(String text, Map<String, Map<String, Double>> nodes) {
        text.lines().map(SERIES::matcher).filter(Matcher::matches).forEach(series -> {
            Matcher node = NODE.matcher(series.group(2));
            if (WANTED.contains(series.group(1)) && node.find()) {
                nodes.computeIfAbsent(node.group(1), name -> new HashMap<>())
                        .put(series.group(1), Double.valueOf(series.group(3)));
            }
        });
    }

    private MetricFacts facts(LeaseRow row, Map<String, Map<String, Double>> nodes, Map<URI, String> failures) {
        Map<String, Double> own = nodes.get(row.who().name());
        if (own == null) {
            return new MetricFacts.Missing(reason(row, failures));
        }
        return new MetricFacts.Read(
                value(own, TRANSPORT + "open_connections"),
                value(own, TRANSPORT + "tls_provider_in_use"),
                value(own, TRANSPORT + "certificate_not_after_timestamp_seconds"),
                value(own, TRANSFER + "segments"),
                value(own, TRANSFER + "awaited_segments"),
                value(own, TRANSFER + "remaining_seconds"));
    }

    private String reason(LeaseRow row, Map<URI, String> failures) {
        if (!given.isEmpty()) {
            return "no --metrics-url has series of it"
                    + failures.entrySet().stream()
                            .map(failure -> "; " + failure.getKey() + " " + failure.getValue())
                            .sorted()
                            .collect(Collectors.joining());
        }
        return endpoint.of(row.who().physicalAddress())
                .map(uri -> uri + " "
                        + failures.getOrDefault(uri, "has no series of it; name its endpoint with --metrics-url"))
                .orElse("its address gives no endpoint; name it with --metrics-url");
    }

    private static OptionalDouble value(Map<String, Double> series, String name) {
        Double value = series.get(name);
        return value == null || value.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
