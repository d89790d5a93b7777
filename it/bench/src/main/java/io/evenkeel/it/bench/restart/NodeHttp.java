package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The benchmark's own requests to a node, beside the load. */
record NodeHttp(KeycloakNode node) {
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    record Answer(int status, String body) {}

    Answer get(String path) throws InterruptedException {
        return send(request(path).GET());
    }

    Answer post(String path) throws InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Answer postJson(String path, String token, String json) throws InterruptedException {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(node.url(path)).timeout(BOUND);
    }

    private Answer send(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new RunException(node.name() + " does not answer: " + e, e);
        }
    }
}
