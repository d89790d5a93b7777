package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableContract;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.StockRow;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a real database, through the production path: connect, find the dialect, create the table. */
abstract class JdbcLeaseTableContract extends LeaseTableContract {
    private static final JdbcTimeouts TIMEOUTS = new JdbcTimeouts(20_000, 20_000, 20_000, 30_000);
    private static final List<String> STOCK_NAMES = List.of("JGROUPS_PING", "jgroups_ping", "Jgroups_Ping");
    private final List<JdbcLeaseTableSource> sources = new CopyOnWriteArrayList<>();

    abstract DataSource database();

    @BeforeEach
    void dropTable() throws Exception {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS EVENKEEL_LEASE");
            String quote = connection.getMetaData().getIdentifierQuoteString();
            for (String name : STOCK_NAMES) {
                statement.execute("DROP TABLE IF EXISTS " + quote + name + quote);
            }
        }
    }

    @AfterEach
    void closeSessions() {
        sources.forEach(JdbcLeaseTableSource::shutdown);
    }

    @Override
    protected LeaseTable open() throws Exception {
        return openWithStockTable("JGROUPS_PING");
    }

    private LeaseTable openWithStockTable(String name) throws Exception {
        return open(name, true);
    }

    private LeaseTable open(String stockTable, boolean createTable) throws Exception {
        JdbcLeaseTableSource source = new JdbcLeaseTableSource(
                database()::getConnection, "EVENKEEL_LEASE", stockTable, createTable, TIMEOUTS);
        sources.add(source);
        return source.open();
    }

    @Override
    protected void jumpClock(long byMs) throws Exception {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE EVENKEEL_LEASE SET beat_at_ms = beat_at_ms - (" + byMs + ")");
        }
    }

    @Override
    protected void passTime() throws Exception {
        LeaseTable table = open();
        Snapshot before = table.read(CLUSTER);
        Awaitility.await().until(() -> table.read(CLUSTER).rows().values().stream()
                .allMatch(r -> r.ageMs() > before.rows().get(r.address()).ageMs()));
    }

    /** As Keycloak's Liquibase makes it. */
    private void createStockTable(String name) throws Exception {
        execute("CREATE TABLE " + name + " (address VARCHAR(200) NOT NULL PRIMARY KEY, name VARCHAR(200),"
                + " cluster_name VARCHAR(200) NOT NULL, ip VARCHAR(200) NOT NULL, coord BOOLEAN, last_update BIGINT,"
                + " coordinated_by VARCHAR(200))");
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whereStockHasNoTableItHasNoRows() throws Exception {
        LeaseTable table = open();
        assertThat(table.readStock(CLUSTER)).isEmpty();
        createStockTable("JGROUPS_PING");
        assertThat(table.readStock(CLUSTER)).isEmpty();
    }

    @Test
    void theRowsOfStockAreReadWithTheirAgeByTheDatabase() throws Exception {
        createStockTable("JGROUPS_PING");
        long nowS = System.currentTimeMillis() / 1000;
        String into = "INSERT INTO JGROUPS_PING (address, name, cluster_name, ip, coord, last_update) VALUES ";
        execute(into + "('a', 'kc-1', 'keel', '10.0.0.1:7800', TRUE, " + (nowS - 3600) + ")");
        execute(into + "('b', '(starting)', 'keel', '127.0.0.1:0', FALSE, NULL)");
        execute(into + "('c', 'kc-3', 'other', '10.0.0.3:7800', TRUE, " + nowS + ")");
        LeaseTable table = open();
        Map<String, StockRow> rows =
                table.readStock(CLUSTER).stream().collect(Collectors.toMap(StockRow::address, row -> row));
        assertThat(rows).containsOnlyKeys("a", "b");
        assertThat(rows.get("a").label()).isEqualTo("kc-1 at 10.0.0.1:7800");
        assertThat(rows.get("a").ageMs()).isBetween(3_599_000L, 3_700_000L);
        assertThat(rows.get("b").ageMs()).isEqualTo(StockRow.AGE_UNKNOWN);
        assertThat(table.readStock(CLUSTER).stream().map(StockRow::content))
                .containsExactlyInAnyOrder(
                        rows.get("a").content(), rows.get("b").content());
        execute("UPDATE JGROUPS_PING SET last_update = last_update + 1 WHERE address = 'a'");
        assertThat(table.readStock(CLUSTER).stream().map(StockRow::content))
                .doesNotContain(rows.get("a").content())
                .contains(rows.get("b").content());
        execute("DROP TABLE JGROUPS_PING");
        assertThat(table.readStock(CLUSTER)).isEmpty();
    }

    @Test
    void stocksTableIsFoundInUpperAndLowerCaseAndAsItIsWritten() throws Exception {
        String quote;
        try (Connection connection = database().getConnection()) {
            quote = connection.getMetaData().getIdentifierQuoteString();
        }
        for (String name : STOCK_NAMES) {
            String quoted = quote + name + quote;
            createStockTable(quoted);
            execute("INSERT INTO " + quoted + " (address, cluster_name, ip) VALUES ('a', 'keel', 'p')");
            for (String attribute :
                    new HashSet<>(List.of(name, name.toUpperCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)))) {
                boolean told = !name.equals("Jgroups_Ping") || attribute.equals(name) || quote.equals("`");
                assertThat(openWithStockTable(attribute).readStock(CLUSTER))
                        .as("%s as %s", name, attribute)
                        .hasSize(told ? 1 : 0);
            }
            execute("DROP TABLE " + quoted);
        }
    }

    @Test
    void aTableOfStocksNameThatIsNotKeycloaksHasNoRows() throws Exception {
        execute("CREATE TABLE JGROUPS_PING (own_addr VARCHAR(200), ping_data VARCHAR(200))");
        assertThat(open().readStock(CLUSTER)).isEmpty();
    }

    private LeaseTable openAfter(String change) throws Exception {
        open();
        execute(change);
        return open();
    }

    @Test
    void aColumnThatTheTableLacksIsAdded() throws Exception {
        LeaseTable table = openAfter("ALTER TABLE EVENKEEL_LEASE DROP COLUMN member_name");
        table.enter(row(who("a", 1), 1));
        assertThat(table.read(CLUSTER).rows().get("a").who()).isEqualTo(who("a", 1));
        table = openAfter("ALTER TABLE EVENKEEL_LEASE DROP COLUMN lease_ms");
        assertThat(table.read(CLUSTER).rows().get("a").leaseMs()).isZero();
        assertThat(table.beat(row(who("a", 1), 1))).isTrue();
        assertThat(table.read(CLUSTER).rows().get("a").leaseMs()).isEqualTo(10_000);
    }

    /** As the agent does: what is not misconfigured is tried again. */
    private LeaseTable openInTheEnd() throws Exception {
        while (true) {
            try {
                return open();
            } catch (LeaseTableException e) {
                if (e.misconfigured()) {
                    throw e;
                }
            }
        }
    }

    @Test
    void membersThatAddAColumnTogetherAllGoOn() throws Exception {
        open();
        execute("ALTER TABLE EVENKEEL_LEASE DROP COLUMN member_name");
        execute("ALTER TABLE EVENKEEL_LEASE DROP COLUMN view_id");
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<LeaseTable>> starts = Collections.nCopies(4, this::openInTheEnd);
            for (Future<LeaseTable> start : pool.invokeAll(starts)) {
                assertThat(start.get().read(CLUSTER).rows()).isEmpty();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whereNothingMayBeChangedTheStatementIsNamed() throws Exception {
        open();
        execute("ALTER TABLE EVENKEEL_LEASE DROP COLUMN view_id");
        execute("ALTER TABLE EVENKEEL_LEASE DROP COLUMN member_name");
        assertThatThrownBy(() -> open("JGROUPS_PING", false))
                .isInstanceOfSatisfying(LeaseTableException.class, e -> assertThat(e.misconfigured())
                        .isTrue())
                .hasMessageContaining("lacks the columns member_name, view_id and create_table=false")
                .hasMessageContaining("ALTER TABLE EVENKEEL_LEASE ADD member_name")
                .hasMessageNotContaining("belongs to something else");
    }

    @Test
    void aColumnOfAnotherVersionIsLeftAlone() throws Exception {
        LeaseTable table = openAfter("ALTER TABLE EVENKEEL_LEASE ADD zone_of_rack VARCHAR(255)");
        table.enter(row(who("a", 1), 1));
        assertThat(table.found(0, who("a", 1))).isTrue();
        assertThat(table.read(CLUSTER).rows()).containsOnlyKeys("a");
    }

    @Test
    void aColumnThatMayNotBeEmptyIsNamedAndTheRowIsNot() throws Exception {
        assertThatThrownBy(() -> openAfter("ALTER TABLE EVENKEEL_LEASE ADD zone_of_rack VARCHAR(255) NOT NULL")
                        .enter(row(who("secret-address", 1), 1)))
                .isInstanceOfSatisfying(LeaseTableException.class, e -> assertThat(e.misconfigured())
                        .isTrue())
                .hasMessageContainingAll("has a column that this version does not fill", "give it a default")
                .message()
                .containsIgnoringCase("zone_of_rack")
                .doesNotContain("secret-address");
    }

    @Test
    void aTextThatIsTooLongIsAFaultThatStays() throws Exception {
        LeaseTable table = open();
        LeaseIdentity me = new LeaseIdentity(CLUSTER, "a", "x".repeat(256), "p", 1);
        assertThatThrownBy(() -> table.enter(row(me, 1)))
                .isInstanceOfSatisfying(LeaseTableException.class, e -> assertThat(e.misconfigured())
                        .isTrue())
                .hasMessageContainingAll("a text of 256 characters is too long", "shorten the name");
        table.enter(row(new LeaseIdentity(CLUSTER, "a", "x".repeat(255), "p", 1), 1));
    }

    @Test
    void aCensusNamesTheClustersAndTheDatabasesClock() throws Exception {
        JdbcLeaseTable table = (JdbcLeaseTable) open();
        assertThat(table.census()).isEqualTo(new TableCensus(OptionalLong.empty(), List.of()));
        table.found(0, new LeaseIdentity("C", "a", "A", "10.0.0.1:7800", 1));
        assertThat(table.census().clusters()).isEmpty();
        for (String cluster : List.of("C", "D")) {
            table.enter(new LeaseRow(
                    new LeaseIdentity(cluster, "a", "A", "10.0.0.1:7800", 1), true, "a|0", 1, 1, 0, 9500, 3));
        }
        table.enter(new LeaseRow(new LeaseIdentity("C", "b", "B", "10.0.0.2:7800", 2), false, "a|0", 1, 1, 0, 9500, 3));

        TableCensus census = table.census();
        assertThat(census.clusters())
                .extracting(TableCensus.Cluster::name, TableCensus.Cluster::members)
                .containsExactlyInAnyOrder(tuple("C", 2), tuple("D", 1));
        long before = census.clockMs().orElseThrow();
        jumpClock(60_000);
        TableCensus later = table.census();
        assertThat(later.clusters())
                .allSatisfy(cluster -> assertThat(cluster.youngestMs()).isGreaterThanOrEqualTo(60_000));
        assertThat(later.clockMs().orElseThrow()).isGreaterThanOrEqualTo(before);
        assertThat(table.found(1, new LeaseIdentity("C", "b", "B", "10.0.0.2:7800", 2)))
                .isTrue();
    }
}
