package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.log.GeneralMessages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * SQL text beside the classes. A line {@code -- name: x} begins the statement x, which ends at the next such line or at
 * the file's end; other comment lines are left out.
 */
final class SqlFile {
    private static final String FOLDER = "/io/evenkeel/protocols/lease/sql/";
    private static final String MARK = "-- name:";

    private SqlFile() {}

    /** The statements of a file by name. */
    static Map<String, String> statements(String file) {
        Map<String, StringBuilder> parts = new LinkedHashMap<>();
        StringBuilder current = new StringBuilder();
        for (String line : text(file).lines().toList()) {
            if (line.startsWith(MARK)) {
                current = new StringBuilder();
                parts.put(line.substring(MARK.length()).trim(), current);
            } else if (!line.startsWith("--")) {
                current.append(line.trim()).append(' ');
            }
        }
        return parts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> e.getValue().toString().trim()));
    }

    /** A file as it is. */
    static String text(String file) {
        try (InputStream in = SqlFile.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException(GeneralMessages.JAR_DAMAGED.text(FOLDER + file));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(GeneralMessages.JAR_DAMAGED.text(FOLDER + file), e);
        }
    }
}
