package io.evenkeel.it.product;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of a custom resource, as far as it is structural: fields, types and enumerations.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/">
 *     Specifying a structural schema</a>
 */
final class StructuralSchema {
    private StructuralSchema() {}

    /** A line for each part of a value that the API server would drop or refuse. */
    static List<String> violations(JsonNode value, JsonNode schema) {
        List<String> violations = new ArrayList<>();
        check(value, schema, "", violations);
        return violations;
    }

    private static void check(JsonNode value, JsonNode schema, String path, List<String> violations) {
        String type = schema.path("type").asText();
        if (!schema.path("x-kubernetes-int-or-string").asBoolean() && !isOf(type, value)) {
            violations.add(path + " is no " + type);
        } else if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            violations.add(path + " is none of " + schema.path("enum"));
        } else if (value.isArray()) {
            value.forEach(item -> check(item, schema.path("items"), path, violations));
        } else if (value.isObject()) {
            value.properties().forEach(field -> {
                String at = path + "/" + field.getKey();
                JsonNode property = schema.path("properties").path(field.getKey());
                if (!property.isMissingNode()) {
                    check(field.getValue(), property, at, violations);
                } else if (schema.path("additionalProperties").isObject()) {
                    check(field.getValue(), schema.path("additionalProperties"), at, violations);
                } else if (!schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                    violations.add(at + " is unknown");
                }
            });
        }
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode each : values) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> true;
        };
    }
}
