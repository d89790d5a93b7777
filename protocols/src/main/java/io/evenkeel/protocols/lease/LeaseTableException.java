package io.evenkeel.protocols.lease;

import org.jspecify.annotations.Nullable;

/** The table could not be asked, or not understood. The message is one line and names the remedy where there is one. */
public class LeaseTableException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** True if trying again may help. */
    public enum Kind {
        /** It may help at once. */
        OUTAGE,
        /** It does not help before an operator changes something. */
        MISCONFIGURED,
        /** As {@link #MISCONFIGURED}: there is no table, and nobody may or can create it. */
        MISSING_TABLE,
        /** As {@link #MISCONFIGURED}: this user may not use the table. */
        DENIED,
        /** As {@link #MISCONFIGURED}; and each attempt counts against an account that the database may lock. */
        REFUSED_LOGIN
    }

    /**
     * A failure of the table.
     *
     * @param message one line, without secrets
     * @param misconfigured true if trying again will not help before an operator changes something
     * @param cause may be null
     */
    public LeaseTableException(String message, boolean misconfigured, @Nullable Throwable cause) {
        this(message, misconfigured ? Kind.MISCONFIGURED : Kind.OUTAGE, cause);
    }

    /**
     * A failure of the table.
     *
     * @param message one line, without secrets
     * @param cause may be null
     */
    public LeaseTableException(String message, Kind kind, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    public boolean misconfigured() {
        return kind != Kind.OUTAGE;
    }
}
