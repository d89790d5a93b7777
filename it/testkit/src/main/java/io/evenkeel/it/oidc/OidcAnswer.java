package io.evenkeel.it.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The answer of an endpoint.
 *
 * @param accessToken null where there is none
 * @param refreshToken null where there is none
 * @param active what an introspection says of the token; false in every other answer
 */
public record OidcAnswer(int status, String accessToken, String refreshToken, boolean active, String body) {
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    static OidcAnswer of(int status, String body) {
        JsonNode json = parse(body);
        return new OidcAnswer(
                status,
                json.path("access_token").asText(null),
                json.path("refresh_token").asText(null),
                json.path("active").asBoolean(false),
                body);
    }

    public boolean isOk() {
        return status == OK;
    }

    /** A page of an error is no JSON. */
    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }
}
