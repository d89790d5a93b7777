package io.evenkeel.it.oidc;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Http;
import io.evenkeel.it.node.KeycloakNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * A client of a realm, and the users in front of it: logs in on one node, refreshes on another. Any thread. An answer
 * that never comes is an exceptional end of the future after a bound, whatever the status of one that comes.
 */
public final class OidcClient {
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final Http http;
    private final String realm;
    private final String clientId;
    private final Optional<String> secret;

    private OidcClient(Duration bound, String realm, String clientId, Optional<String> secret) {
        this.http = new Http(bound);
        this.realm = realm;
        this.clientId = clientId;
        this.secret = secret;
    }

    /** Keycloak's own command line client, for its administrators. */
    public static OidcClient ofAdministrators() {
        return new OidcClient(BOUND, "master", "admin-cli", Optional.empty());
    }

    /** A client that has a secret, so that it may introspect tokens. */
    public static OidcClient confidential(String realm, String clientId, String secret) {
        return new OidcClient(BOUND, realm, clientId, Optional.of(secret));
    }

    /** The same client, which waits for each answer no longer than this. */
    public OidcClient answeredWithin(Duration bound) {
        return new OidcClient(bound, realm, clientId, secret);
    }

    public OidcAnswer logIn(KeycloakNode node, Credentials user) {
        return await(logInLater(node, user));
    }

    public OidcAnswer refresh(KeycloakNode node, String refreshToken) {
        return await(refreshLater(node, refreshToken));
    }

    public CompletableFuture<OidcAnswer> logInLater(KeycloakNode node, Credentials user) {
        return post(
                node, "token", Map.of("grant_type", "password", "username", user.user(), "password", user.password()));
    }

    public CompletableFuture<OidcAnswer> refreshLater(KeycloakNode node, String refreshToken) {
        return post(node, "token", Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    public CompletableFuture<OidcAnswer> introspectLater(KeycloakNode node, String accessToken) {
        return post(node, "token/introspect", Map.of("token", accessToken));
    }

    private CompletableFuture<OidcAnswer> post(KeycloakNode node, String endpoint, Map<String, String> fields) {
        Map<String, String> form = new LinkedHashMap<>(fields);
        form.put("client_id", clientId);
        secret.ifPresent(s -> form.put("client_secret", s));
        HttpRequest.Builder request = http.request(
                        node.url("/realms/" + realm + "/protocol/openid-connect/" + endpoint))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form)));
        return http.sendLater(request).thenApply(answer -> OidcAnswer.of(answer.status(), answer.body()));
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static OidcAnswer await(CompletableFuture<OidcAnswer> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("no answer: " + e.getCause(), e);
        }
    }
}
