package io.evenkeel.protocols.lease;

/** The table could not be asked, or not understood. The message is one line and names the remedy where there is one. */
public class LeaseTableException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean misconfigured;

    /**
     * A failure of the table.
     *
     * @param message one line, without secrets
     * @param misconfigured true if trying again will not help before somebody changes something
     * @param cause may be null
     */
    public LeaseTableException(String message, boolean misconfigured, Throwable cause) {
        super(message, cause);
        this.misconfigured = misconfigured;
    }

    public boolean misconfigured() {
        return misconfigured;
    }
}
