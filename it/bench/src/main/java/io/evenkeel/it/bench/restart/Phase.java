package io.evenkeel.it.bench.restart;

/** The events beside the load. */
enum Phase {
    QUIET("in quiet"),
    /** A node of another cluster starts: its CPU is all that the cluster has of it. */
    CONTROL("while an unrelated Keycloak boots beside"),
    /** From the stop of a node to the end of the rebalance without it, at which the next start may have begun. */
    LEAVE("while a node leaves"),
    /** The node's JVM starts, and its channel has not yet; or its state is there, and it is not ready yet. */
    BOOT("while it boots, before and after its state comes"),
    /** From the start of the node's channel to the end of the rebalance with it. */
    TRANSFER("while it joins and its state comes"),
    /** The node is in service again, and slow until its code is compiled. */
    FRESH("just after a restart");

    private final String words;

    Phase(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean ofRestart() {
        return this == LEAVE || this == BOOT || this == TRANSFER;
    }
}
