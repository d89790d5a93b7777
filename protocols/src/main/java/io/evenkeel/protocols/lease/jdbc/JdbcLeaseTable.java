package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.FounderEpoch;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.StockRow;
import io.evenkeel.protocols.lease.ViewInfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The table on one JDBC connection in autocommit: one statement an operation.
 *
 * <p>The last founding is a row of the same table with the address {@value #FOUNDER}: its beat is the epoch, its
 * member_name the founder's address, its incarnation the founder's. So there is one table to create and grant, and one
 * statement reads the members and the epoch as they stood at one moment.
 */
public final class JdbcLeaseTable implements LeaseTable {
    static final String FOUNDER = "*founder*";
    private static final int MAX_ATTEMPTS = 5;

    private final Connection connection;
    private final LeaseSql sql;
    private final int queryTimeoutS;
    private final StockTable stock;
    private final TableFaults faults;

    /** @param stockTable name of stock's table */
    JdbcLeaseTable(Connection connection, LeaseSql sql, TableFaults faults, int queryTimeoutS, String stockTable) {
        this.connection = connection;
        this.sql = sql;
        this.faults = faults;
        this.queryTimeoutS = queryTimeoutS;
        stock = new StockTable(connection, stockTable, sql, queryTimeoutS);
    }

    @Override
    public boolean beat(LeaseRow own) throws LeaseTableException {
        return update(
                "beat",
                own.who().name(),
                own.who().physicalAddress(),
                own.coordinator(),
                orNull(own.viewId()),
                own.viewSize(),
                own.leaseMs(),
                own.format(),
                own.who().cluster(),
                own.address(),
                own.incarnation());
    }

    @Override
    public void enter(LeaseRow own) throws LeaseTableException {
        update(
                "enter",
                own.who().cluster(),
                own.address(),
                own.who().name(),
                own.who().physicalAddress(),
                own.incarnation(),
                own.coordinator(),
                orNull(own.viewId()),
                own.viewSize(),
                own.leaseMs(),
                own.format(),
                own.beat());
    }

    @Override
    public boolean renew(LeaseRow observed, ViewInfo view) throws LeaseTableException {
        return update(
                "renew",
                observed.address().equals(view.coordinator()),
                orNull(view.id()),
                view.members().size(),
                observed.who().cluster(),
                observed.address(),
                observed.incarnation(),
                observed.beat());
    }

    @Override
    public boolean evict(LeaseRow observed) throws LeaseTableException {
        return update("evict", observed.who().cluster(), observed.address(), observed.incarnation(), observed.beat());
    }

    @Override
    public boolean leave(LeaseIdentity own) throws LeaseTableException {
        return update("leave", own.cluster(), own.address(), own.incarnation());
    }

    @Override
    public boolean found(long expectedEpoch, LeaseIdentity founder) throws LeaseTableException {
        return expectedEpoch == 0
                ? update("found_first", founder.cluster(), founder.address(), founder.incarnation())
                : update("found", founder.address(), founder.incarnation(), founder.cluster(), expectedEpoch);
    }

    @Override
    public Snapshot read(String cluster) throws LeaseTableException {
        return snapshot(true, "read", cluster, cluster);
    }

    @Override
    public Snapshot readCoordinators(String cluster, String address) throws LeaseTableException {
        return snapshot(false, "read_coordinators", cluster, cluster, address);
    }

    @Override
    public long countForeign(String cluster) throws LeaseTableException {
        try (PreparedStatement statement = prepare("count_foreign", cluster);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw faults.of("count_foreign", e);
        }
    }

    @Override
    public List<StockRow> readStock(String cluster) throws LeaseTableException {
        return stock.read(cluster);
    }

    /** The clusters in the table and the database's clock, for a look from outside. */
    public TableCensus census() throws LeaseTableException {
        try (PreparedStatement statement = prepare("census");
                ResultSet result = statement.executeQuery()) {
            List<TableCensus.Cluster> clusters = new ArrayList<>();
            OptionalLong clockMs = OptionalLong.empty();
            while (result.next()) {
                clockMs = OptionalLong.of(result.getLong("now_ms"));
                int members = result.getInt("members");
                if (members > 0) {
                    clusters.add(new TableCensus.Cluster(
                            result.getString("cluster_name"), members, result.getLong("youngest_ms")));
                }
            }
            return new TableCensus(clockMs, clusters);
        } catch (SQLException e) {
            throw faults.of("census", e);
        }
    }

    private Snapshot snapshot(boolean complete, String name, String cluster, Object... parameters)
            throws LeaseTableException {
        long sentNs = System.nanoTime();
        try (PreparedStatement statement = prepare(name, parameters);
                ResultSet result = statement.executeQuery()) {
            FounderEpoch founder = FounderEpoch.NONE;
            Map<String, LeaseRow> rows = new LinkedHashMap<>();
            while (result.next()) {
                if (FOUNDER.equals(result.getString("address"))) {
                    founder = new FounderEpoch(
                            result.getLong("beat"), result.getString("member_name"), result.getLong("incarnation"));
                } else {
                    LeaseRow row = row(cluster, result);
                    rows.put(row.address(), row);
                }
            }
            return new Snapshot(founder, rows, sentNs, System.nanoTime(), complete);
        } catch (SQLException e) {
            throw faults.of(name, e);
        }
    }

    private static LeaseRow row(String cluster, ResultSet result) throws SQLException {
        LeaseIdentity who = new LeaseIdentity(
                cluster,
                result.getString("address"),
                orEmpty(result.getString("member_name")),
                orEmpty(result.getString("physical_address")),
                result.getLong("incarnation"));
        return new LeaseRow(
                who,
                result.getBoolean("coordinator"),
                orEmpty(result.getString("view_id")),
                result.getInt("view_size"),
                result.getLong("beat"),
                result.getLong("age_ms"),
                result.getLong("lease_ms"),
                result.getInt("format_version"));
    }

    private boolean update(String name, @Nullable Object... parameters) throws LeaseTableException {
        int attempt = 1;
        while (true) {
            try (PreparedStatement statement = prepare(name, parameters)) {
                return statement.executeUpdate() > 0;
            } catch (SQLException e) {
                if ("found_first".equals(name) && SqlStates.duplicate(e)) {
                    return false;
                }
                // Under repeatable read, and in a deadlock, a statement that meets another one's change is rolled back
                // instead of seeing it.
                if (!SqlStates.rolledBack(e) || attempt++ == MAX_ATTEMPTS) {
                    throw faults.of(name, e, parameters);
                }
            }
        }
    }

    private PreparedStatement prepare(String name, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.get(name));
        try {
            statement.setQueryTimeout(queryTimeoutS);
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof Boolean flag) {
            statement.setBoolean(index, flag);
        } else {
            statement.setString(index, (String) value);
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
