package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.StockRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The table of Keycloak's jdbc-ping beside ours: only read, and looked for anew at each read while it is missing.
 *
 * <p>It is not our table, and its columns differ among Keycloak's versions; so all of them are read, and any change of
 * any counts.
 */
final class StockTable {
    private static final String NOW = "evenkeel_now_ms";

    private final Connection connection;
    private final String name;
    private final LeaseSql sql;
    private final int queryTimeoutS;
    private @Nullable String found;

    /** @param name see {@link TableName} */
    StockTable(Connection connection, String name, LeaseSql sql, int queryTimeoutS) {
        this.connection = connection;
        this.name = name;
        this.sql = sql;
        this.queryTimeoutS = queryTimeoutS;
    }

    /** The rows of a cluster; none if the table is missing, or is not Keycloak's. */
    List<StockRow> read(String cluster) throws LeaseTableException {
        try {
            if (found == null) {
                found = TableFinder.find(connection, name);
            }
            return found == null ? List.of() : select(cluster);
        } catch (SQLException e) {
            found = null;
            if (SqlStates.missingTable(e) || SqlStates.otherShape(e)) {
                return List.of();
            }
            throw SqlStates.denied(e)
                    ? new LeaseTableException(
                            "table " + name + " cannot be read: " + SqlStates.line(e)
                                    + "; let its owner run: GRANT SELECT ON " + name + " TO "
                                    + TableFaults.userName(connection),
                            true,
                            e)
                    : SqlStates.of("read_stock", e);
        }
    }

    private List<StockRow> select(String cluster) throws SQLException {
        String select =
                "SELECT s.*, " + sql.get("now") + " AS " + NOW + " FROM " + found + " s WHERE s.cluster_name = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setQueryTimeout(queryTimeoutS);
            statement.setString(1, cluster);
            try (ResultSet result = statement.executeQuery()) {
                List<StockRow> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row(result));
                }
                return rows;
            }
        }
    }

    private static StockRow row(ResultSet result) throws SQLException {
        String address = "";
        String memberName = "";
        String physicalAddress = "";
        long updatedS = 0;
        long nowMs = 0;
        StringBuilder content = new StringBuilder();
        ResultSetMetaData columns = result.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String column = columns.getColumnLabel(i).toLowerCase(Locale.ROOT);
            String value = String.valueOf(result.getString(i));
            switch (column) {
                case "address" -> address = value;
                case "name" -> memberName = value;
                case "ip" -> physicalAddress = value;
                case "last_update" -> updatedS = result.getLong(i);
                case NOW -> nowMs = result.getLong(i);
                default -> {}
            }
            if (!column.equals(NOW)) {
                content.append(value).append('\n');
            }
        }
        long ageMs = updatedS == 0 ? StockRow.AGE_UNKNOWN : nowMs - updatedS * 1000;
        return new StockRow(address, memberName, physicalAddress, ageMs, content.toString());
    }
}
