package io.evenkeel.it.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.KeycloakNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** A user's side of OpenID Connect: logs in on one node, refreshes on another. */
final class OidcClient {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();

    /** What the token endpoint answered; the refresh token is null where it refused. */
    record Answer(int status, String refreshToken, String body) {}

    Answer logIn(KeycloakNode node, Credentials user) {
        return post(
                node,
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        user.user(),
                        "password",
                        user.password()));
    }

    Answer refresh(KeycloakNode node, String refreshToken) {
        return post(
                node, Map.of("grant_type", "refresh_token", "client_id", "admin-cli", "refresh_token", refreshToken));
    }

    private Answer post(KeycloakNode node, Map<String, String> form) {
        HttpRequest request = HttpRequest.newBuilder(node.url("/realms/master/protocol/openid-connect/token"))
                .timeout(BOUND)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode json = new ObjectMapper().readTree(response.body());
            return new Answer(response.statusCode(), json.path("refresh_token").asText(null), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + node.name(), e);
        }
    }
}
