package io.evenkeel.it.bench.discovery;

/**
 * The two that are compared, and where each keeps its discovery in the database.
 *
 * @param label for databases and node names
 * @param stack for {@code --cache-stack}
 * @param table of the discovery in Keycloak's database
 * @param nameColumn of the logical name
 * @param timeColumn of the last sign of life
 * @param timeUnitsPerS how that column counts
 */
record StackKind(String label, String stack, String table, String nameColumn, String timeColumn, long timeUnitsPerS) {
    static final StackKind STOCK = new StackKind("stock", "jdbc-ping", "jgroups_ping", "name", "last_update", 1);
    static final StackKind EVENKEEL =
            new StackKind("evenkeel", "evenkeel-jdbc", "evenkeel_lease", "member_name", "beat_at_ms", 1000);
}
