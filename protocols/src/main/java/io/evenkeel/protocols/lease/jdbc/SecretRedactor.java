package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Redacts secrets in drivers' messages: some quote the URL, or the part of it that they do not understand. */
final class SecretRedactor {
    private static final String HIDDEN = "(hidden)";

    private final List<String> secrets;

    /** @param secrets those that are blank are left out */
    SecretRedactor(Set<String> secrets) {
        // The longest first: a secret may be part of another.
        this.secrets = secrets.stream()
                .filter(s -> !s.isBlank())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /**
     * The failure itself if neither it nor a cause of it gives anything away; else one that says the same without that.
     */
    SQLException redact(Exception failure) {
        SQLException sql = failure instanceof SQLException s ? s : null;
        if (sql != null && !reveals(failure)) {
            return sql;
        }
        // Without the causes, whose messages are printed with a stack trace.
        SQLException redacted = new SQLException(
                redact(sql == null ? failure.toString() : failure.getMessage()),
                sql == null ? "08001" : sql.getSQLState(),
                sql == null ? 0 : sql.getErrorCode());
        redacted.setStackTrace(failure.getStackTrace());
        return redacted;
    }

    private boolean reveals(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String text = at.toString();
            if (secrets.stream().anyMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    private String redact(@Nullable String message) {
        String text = String.valueOf(message);
        for (String secret : secrets) {
            text = text.replace(secret, HIDDEN);
        }
        return text;
    }
}
