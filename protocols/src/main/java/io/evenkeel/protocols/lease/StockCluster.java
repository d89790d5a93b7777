package io.evenkeel.protocols.lease;

/** The behaviour of a member while members of a stock jdbc-ping cluster of the same name run on its database. */
public enum StockCluster {
    /** It is not ready. */
    REFUSE,
    /** It only warns. */
    WARN,
    /**
     * It is one of them: the protocol of jdbc-ping stands below, and its members are joined where the leases show
     * nobody.
     */
    JOIN;

    /**
     * Reads the attribute.
     *
     * @throws IllegalArgumentException naming the attribute, its value and what it must be
     */
    public static StockCluster of(String text) {
        return switch (text) {
            case "refuse" -> REFUSE;
            case "warn" -> WARN;
            case "join" -> JOIN;
            default -> throw new IllegalArgumentException("stock_cluster=" + text + " must be refuse, warn or join");
        };
    }
}
