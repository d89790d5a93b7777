package io.evenkeel.it.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An answer of /health/ready.
 *
 * @param status of HTTP
 * @param cluster what the check of the cluster says, UP or DOWN; empty if it is not in the answer
 */
public record Readiness(int status, String cluster) {
    private static final String CLUSTER_CHECK = "Keycloak cluster health check";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads an answer. */
    public static Readiness of(int status, String body) throws JsonProcessingException {
        for (JsonNode check : JSON.readTree(body).path("checks")) {
            if (CLUSTER_CHECK.equals(check.path("name").asText())) {
                return new Readiness(status, check.path("status").asText());
            }
        }
        return new Readiness(status, "");
    }

    public boolean clusterUp() {
        return cluster.equals("UP");
    }

    public boolean clusterDown() {
        return cluster.equals("DOWN");
    }
}
