package io.evenkeel.it.bench.restart;

/**
 * One of the two that are compared.
 *
 * @param label for databases and node names
 * @param stack for {@code --cache-stack}
 */
record Rival(String label, String stack) {
    static final Rival STOCK = new Rival("stock", "jdbc-ping");
    static final Rival EVENKEEL = new Rival("evenkeel", "evenkeel-jdbc");
}
