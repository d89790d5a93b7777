package io.evenkeel.it.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.Http;
import io.evenkeel.it.node.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A Prometheus of the system's package on loopback, which scrapes each second. */
final class PrometheusServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);
    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private final Http http = new Http(ANSWER_BOUND);
    private final ChildProcess process;
    private final int port;

    private PrometheusServer(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static boolean isInstalled() {
        return Programs.areInstalled("prometheus", "promtool");
    }

    /**
     * Starts it.
     *
     * @param targets ports on loopback with /metrics
     * @param rules the text of a file of rules
     */
    static PrometheusServer start(Path folder, int port, String job, List<Integer> targets, String rules)
            throws IOException {
        Path rulesFile = Files.writeString(folder.resolve("rules.yml"), rules);
        String hosts =
                targets.stream().map(target -> "'127.0.0.1:" + target + "'").collect(Collectors.joining(", "));
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"),
                """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs:
                - job_name: %s
                  static_configs: [{targets: [%s]}]
                """
                        .formatted(rulesFile, job, hosts));
        List<String> command = List.of(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port);
        return new PrometheusServer(
                ChildProcess.start(command, folder, System.getenv(), folder.resolve("prometheus.log")), port);
    }

    /** The number of series that a query answers with; 0 also while the server starts. */
    int query(String expression) {
        return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("data")
                .path("result")
                .size();
    }

    /** The names of the alerts that fire. */
    Set<String> firing() {
        Set<String> names = new TreeSet<>();
        for (JsonNode alert : get("alerts").path("data").path("alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                names.add(alert.path("labels").path("alertname").asText());
            }
        }
        return names;
    }

    private JsonNode get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/" + path);
        return http.get(uri).map(answer -> json(answer.body())).orElseGet(JSON::createObjectNode);
    }

    /** Empty for what comes while the server starts, which is no JSON. */
    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    @Override
    public void close() {
        process.stop(STOP_BOUND);
    }
}
