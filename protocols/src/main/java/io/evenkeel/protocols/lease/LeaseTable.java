package io.evenkeel.protocols.lease;

import java.util.List;

/**
 * The table of leases. Every operation is atomic by itself; losing a compare-and-set is {@code false}, never an
 * exception.
 *
 * <p>Contract: a row's beat grows with each {@link #beat}, {@link #enter} on an existing row and {@link #renew}, and
 * ages count from then by the table's own clock. {@link #evict} and {@link #renew} touch a row only while it is at the
 * observed incarnation and beat, so a late beat always wins. {@link #found} raises the epoch by one for exactly one of
 * any number of callers that expect the same epoch. Nothing here takes effect partly.
 *
 * <p>An exception leaves open whether the operation took place. One thread at a time.
 */
public interface LeaseTable {

    /**
     * Writes the member's state into its existing row and beats.
     *
     * @param own what to write; its beat and age are ignored
     * @return false if the row of this incarnation is gone
     */
    boolean beat(LeaseRow own) throws LeaseTableException;

    /**
     * Inserts the member's row, or takes it over if one with its address exists.
     *
     * @param own what to write; its beat is where a new row starts, its age is ignored
     */
    void enter(LeaseRow own) throws LeaseTableException;

    /**
     * Reads the rows of a cluster and its last founding as they stood at one moment.
     *
     * @return with sentNs and receivedNs by {@link System#nanoTime} of the caller's process
     */
    Snapshot read(String cluster) throws LeaseTableException;

    /**
     * Reads the rows of a cluster's coordinators, one more, and the last founding, as they stood at one moment. Costs
     * the same however many members there are.
     *
     * @param address whose row to read in any case
     * @return not complete
     */
    Snapshot readCoordinators(String cluster, String address) throws LeaseTableException;

    /** Counts the members' rows of all other clusters in the same table. */
    long countForeign(String cluster) throws LeaseTableException;

    /**
     * Reads the rows of a cluster in the table of stock's jdbc-ping, if there is such a table beside this one.
     *
     * @return empty if there is none
     */
    List<StockRow> readStock(String cluster) throws LeaseTableException;

    /**
     * Beats for another member and writes the view that it is in, which it may not have been able to write itself: a
     * member can become the coordinator while it does not reach the table.
     *
     * @param view a view with that member in it
     */
    boolean renew(LeaseRow observed, ViewInfo view) throws LeaseTableException;

    /** Deletes a row. */
    boolean evict(LeaseRow observed) throws LeaseTableException;

    /** Deletes the member's own row, at whatever beat. */
    boolean leave(LeaseIdentity own) throws LeaseTableException;

    /** Becomes the founder of epoch {@code expectedEpoch + 1}. */
    boolean found(long expectedEpoch, LeaseIdentity founder) throws LeaseTableException;
}
