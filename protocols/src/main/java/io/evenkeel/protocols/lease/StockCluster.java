package io.evenkeel.protocols.lease;

/** What a member does while members of a stock jdbc-ping cluster of the same name run on its database. */
public enum StockCluster {
    /** It is not ready. */
    REFUSE,
    /** It only warns. */
    WARN;

    /**
     * Reads the attribute.
     *
     * @throws IllegalArgumentException naming the attribute, its value and what it must be
     */
    public static StockCluster of(String text) {
        return switch (text) {
            case "refuse" -> REFUSE;
            case "warn" -> WARN;
            default -> throw new IllegalArgumentException("stock_cluster=" + text + " must be refuse or warn");
        };
    }
}
