package io.evenkeel.stacks.cli.facts;

import io.evenkeel.protocols.JDBC_PING_LEASEConfig;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.StockRow;
import io.evenkeel.protocols.lease.jdbc.ConnectionSupplier;
import io.evenkeel.protocols.lease.jdbc.JdbcLeaseTable;
import io.evenkeel.protocols.lease.jdbc.JdbcLeaseTableSource;
import io.evenkeel.protocols.lease.jdbc.JdbcTimeouts;
import io.evenkeel.protocols.lease.jdbc.TableCensus;
import io.evenkeel.protocols.version.PackVersion;
import io.evenkeel.stacks.cli.core.ClusterFacts;
import io.evenkeel.stacks.cli.core.DatabaseFacts;
import io.evenkeel.stacks.cli.core.DatabaseFacts.Failure;
import io.evenkeel.stacks.cli.core.MemberFacts;
import io.evenkeel.stacks.cli.settings.DatabaseSettings;
import io.evenkeel.stacks.cli.settings.TlsSource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads the table, then visits all members at once. One thread uses it. */
public final class FactCollector {
    /** The name that Keycloak's cluster has unless its cache configuration says otherwise. */
    public static final String DEFAULT_CLUSTER = "ISPN";

    private static final JdbcTimeouts DATABASE_TIMEOUTS = new JdbcTimeouts(15_000, 15_000, 5_000, 8_000);
    private static final int MAX_THREADS = 32;

    /** Stock's coordinator writes its rows anew every 45 s at the latest, by the clock of its node. */
    private static final long STOCK_RECENT_MS = 60_000;

    private final DatabaseSettings database;
    private final TlsSource tls;
    private final ConnectionSupplier connections;
    private final String table;
    private final Optional<String> cluster;
    private final int timeoutMs;
    private final InstantSource clock;

    /**
     * Looks at nothing yet.
     *
     * @param table name of the lease table, in Keycloak's schema unless it names one
     * @param cluster the cluster's name; empty for Keycloak's, or for the only one in the table
     * @param timeoutMs for a connection to a member, and for each of its answers
     * @throws IllegalArgumentException if the table's name is none, or no driver takes the database's URL
     */
    public FactCollector(
            DatabaseSettings database,
            TlsSource tls,
            String table,
            Optional<String> cluster,
            int timeoutMs,
            InstantSource clock) {
        this.database = database;
        this.tls = tls;
        this.table = database.inSchema(table);
        connections = database.connections();
        // Checks the table's name now, while the commands still take it for a wrong option.
        source();
        this.cluster = cluster;
        this.timeoutMs = timeoutMs;
        this.clock = clock;
    }

    /** Takes a look; blocks on the database and on members, within bounds. */
    public ClusterFacts collect() throws InterruptedException {
        TableFacts read = read();
        HostKeys keys = read.facts() instanceof DatabaseFacts.Unreadable && tls.kind() == TlsSource.Kind.AUTOMATIC
                ? HostKeys.unknown()
                : HostKeys.read(tls, database, clock.instant());
        return new ClusterFacts(
                read.cluster(), PackVersion.current().toString(), read.facts(), keys.facts(), visit(read.rows(), keys));
    }

    private record TableFacts(String cluster, DatabaseFacts facts, List<LeaseRow> rows) {}

    private TableFacts read() {
        JdbcLeaseTableSource source = source();
        try {
            JdbcLeaseTable open = source.open();
            long askedMs = clock.millis();
            TableCensus census = open.census();
            long answeredMs = clock.millis();
            String name = cluster(census);
            List<LeaseRow> rows = new ArrayList<>(open.read(name).rows().values());
            rows.sort(Comparator.comparing((LeaseRow row) -> row.who().name()).thenComparing(LeaseRow::address));
            OptionalLong aheadMs = census.clockMs().isPresent()
                    ? OptionalLong.of(census.clockMs().getAsLong() - (askedMs + answeredMs) / 2)
                    : OptionalLong.empty();
            List<StockRow> stock = open.readStock(name).stream()
                    .filter(row -> Math.abs(row.ageMs()) <= STOCK_RECENT_MS)
                    .toList();
            return new TableFacts(name, new DatabaseFacts.Read(aheadMs, others(census, name), stock), rows);
        } catch (LeaseTableException e) {
            return new TableFacts(
                    cluster.orElse(DEFAULT_CLUSTER),
                    new DatabaseFacts.Unreadable(failure(e), String.valueOf(e.getMessage())),
                    List.of());
        } finally {
            source.shutdown();
        }
    }

    private JdbcLeaseTableSource source() {
        return new JdbcLeaseTableSource(
                connections,
                table,
                database.inSchema(JDBC_PING_LEASEConfig.DEFAULT_STOCK_TABLE),
                false,
                DATABASE_TIMEOUTS);
    }

    private String cluster(TableCensus census) {
        if (cluster.isPresent()) {
            return cluster.get();
        }
        List<String> names =
                census.clusters().stream().map(TableCensus.Cluster::name).toList();
        return names.size() == 1 ? names.get(0) : DEFAULT_CLUSTER;
    }

    private static List<DatabaseFacts.OtherCluster> others(TableCensus census, String name) {
        return census.clusters().stream()
                .filter(found -> !found.name().equals(name))
                .map(found -> new DatabaseFacts.OtherCluster(found.name(), found.members(), found.youngestMs()))
                .toList();
    }

    private static Failure failure(LeaseTableException e) {
        return switch (e.kind()) {
            case OUTAGE -> Failure.DOWN;
            case REFUSED_LOGIN -> Failure.LOGIN;
            case MISSING_TABLE -> Failure.NO_TABLE;
            case DENIED -> Failure.RIGHTS;
            case MISCONFIGURED -> Failure.OTHER;
        };
    }

    private List<MemberFacts> visit(List<LeaseRow> rows, HostKeys keys) throws InterruptedException {
        if (rows.isEmpty()) {
            return List.of();
        }
        MemberProbe probe = new MemberProbe(keys, timeoutMs, clock);
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(rows.size(), MAX_THREADS));
        try {
            List<Future<MemberFacts>> visits = rows.stream()
                    .map(row -> threads.submit(() -> new MemberFacts(row, probe.ask(row))))
                    .toList();
            List<MemberFacts> members = new ArrayList<>();
            for (Future<MemberFacts> visit : visits) {
                members.add(visit.get());
            }
            return members;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a visit must end with a result", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
