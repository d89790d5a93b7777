package io.evenkeel.protocols.lease;

/**
 * One row of the table in which Keycloak's own discovery, jdbc-ping, keeps the members of its clusters.
 *
 * @param address the key of the row
 * @param name the member's logical name, {@code (starting)} until its channel is up
 * @param physicalAddress where the member listens
 * @param ageMs the database's time less the time in the row, which the writing node's clock gave; {@link #AGE_UNKNOWN}
 *     if the row has no time
 * @param content all columns as text, to tell whether the row was written anew
 */
public record StockRow(String address, String name, String physicalAddress, long ageMs, String content) {
    public static final long AGE_UNKNOWN = Long.MAX_VALUE;

    /** Name and physical address, as a line for people has them. */
    public String label() {
        return name + " at " + physicalAddress;
    }
}
