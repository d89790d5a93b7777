package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.Http;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;

/** The benchmark's own requests to a node, beside the load. */
record NodeHttp(KeycloakNode node) {
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final Http HTTP = new Http(BOUND);

    Http.Answer get(String path) throws InterruptedException {
        return send(request(path).GET());
    }

    Http.Answer post(String path) throws InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Http.Answer postJson(String path, String token, String json) throws InterruptedException {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HTTP.request(node.url(path));
    }

    private Http.Answer send(HttpRequest.Builder request) throws InterruptedException {
        try {
            return HTTP.send(request);
        } catch (IOException e) {
            throw new RunException(node.name() + " does not answer: " + e, e);
        }
    }
}
