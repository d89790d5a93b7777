package io.evenkeel.protocols.lease.jdbc;

/** The errors of statements and logins that the table of leases tells apart. */
enum SqlError {
    /** A table that the statement names is not there. */
    MISSING_TABLE,
    /** A column that the statement names is not there, or has another type. */
    OTHER_SHAPE,
    /** The table is there and this user may not use it. */
    DENIED,
    /** A text does not fit into its column. */
    TOO_LONG,
    /** A column that is not filled may not be empty. */
    NOT_NULL,
    /** A value cannot be stored, or a check or a foreign key that is not ours stands against the row. */
    REFUSED_ROW,
    REFUSED_LOGIN
}
