package io.evenkeel.it.node;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Requests over HTTP 1.1 whose connection and whose answer are each waited for no longer than a bound. Any thread. */
public final class Http {
    private final HttpClient client;
    private final Duration bound;

    public Http(Duration bound) {
        this.bound = bound;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(bound)
                .build();
    }

    /** An answer, whatever its status. */
    public record Answer(int status, String body) {
        private static Answer of(HttpResponse<String> response) {
            return new Answer(response.statusCode(), response.body());
        }
    }

    public HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(bound);
    }

    public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return Answer.of(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    public CompletableFuture<Answer> sendLater(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(Answer::of);
    }

    /** The answer to a GET; empty if there is none. An interrupt is kept for the caller. */
    public Optional<Answer> get(URI uri) {
        try {
            return Optional.of(send(request(uri)));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
