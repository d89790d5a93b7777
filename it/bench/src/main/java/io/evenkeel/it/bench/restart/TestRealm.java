package io.evenkeel.it.bench.restart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Http;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A realm whose passwords cost nothing to check, so that the load measures Keycloak and not a hash, and whose sessions
 * and tokens outlive the benchmark.
 */
record TestRealm(String clientSecret, String userPassword) {
    static final String LOAD_CLIENT = "load";
    /** The client of the sessions that the provider creates. */
    static final String FILL_CLIENT = "filled";

    static final int USERS = 200;
    private static final int CREATED = 201;

    static TestRealm generate() {
        return new TestRealm(
                Credentials.generate(LOAD_CLIENT).password(),
                Credentials.generate("user").password());
    }

    String name() {
        return "bench";
    }

    Credentials user(int index) {
        return new Credentials("user-" + index, userPassword);
    }

    /** Creates it through Keycloak's admin API. */
    void createOn(KeycloakNode node) throws InterruptedException {
        OidcAnswer login =
                OidcClient.ofAdministrators().logIn(node, node.config().admin());
        if (!login.isOk()) {
            throw new RunException("The administrator cannot log in on " + node.name() + ": " + login.body());
        }
        Http.Answer answer = new NodeHttp(node).postJson("/admin/realms", login.accessToken(), json());
        if (answer.status() != CREATED) {
            throw new RunException(
                    "Cannot create the realm on " + node.name() + " (" + answer.status() + "): " + answer.body());
        }
    }

    String json() {
        Map<String, Object> realm = Map.of(
                "realm",
                name(),
                "enabled",
                true,
                "passwordPolicy",
                "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
                "accessTokenLifespan",
                36_000,
                "ssoSessionIdleTimeout",
                36_000,
                "ssoSessionMaxLifespan",
                72_000,
                "clients",
                List.of(client(LOAD_CLIENT), client(FILL_CLIENT)),
                "users",
                IntStream.range(0, USERS).mapToObj(this::userJson).toList());
        try {
            return new ObjectMapper().writeValueAsString(realm);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> client(String id) {
        return Map.of(
                "clientId",
                id,
                "secret",
                clientSecret,
                "publicClient",
                false,
                "directAccessGrantsEnabled",
                true,
                "redirectUris",
                List.of("http://app.example/*"),
                "protocolMappers",
                List.of(audience(id)));
    }

    /** Keycloak tells a client nothing of tokens that are not meant for it. */
    private static Map<String, Object> audience(String id) {
        return Map.of(
                "name",
                "audience",
                "protocol",
                "openid-connect",
                "protocolMapper",
                "oidc-audience-mapper",
                "config",
                Map.of(
                        "included.client.audience",
                        id,
                        "access.token.claim",
                        "true",
                        "introspection.token.claim",
                        "true"));
    }

    private Map<String, Object> userJson(int index) {
        Credentials user = user(index);
        return Map.of(
                "username",
                user.user(),
                "enabled",
                true,
                "firstName",
                "User",
                "lastName",
                Integer.toString(index),
                "email",
                user.user() + "@example.org",
                "credentials",
                List.of(Map.of("type", "password", "value", user.password(), "temporary", false)));
    }
}
