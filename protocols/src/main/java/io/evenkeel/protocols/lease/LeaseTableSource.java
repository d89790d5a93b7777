package io.evenkeel.protocols.lease;

/** Opens the table of leases; each opening is one session with the database. Used by one thread at a time. */
public interface LeaseTableSource {

    /** Connects and checks the table, within a bounded time. */
    LeaseTable open() throws LeaseTableException;

    /** Drops a session that failed, without talking to the database. Bounded, never fails. */
    void abandon();

    /** Gives the session back; nothing will be opened any more. Bounded, never fails. */
    void shutdown();
}
