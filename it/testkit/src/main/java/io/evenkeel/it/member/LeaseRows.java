package io.evenkeel.it.member;

import io.evenkeel.it.node.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** The lease table as it looks to a client of the database. The row of the founding is no member's. */
public record LeaseRows(Postgres postgres, String database, String table) {

    /** The logical names of the members that have a row. */
    public Set<String> members() {
        return names("address <> '*founder*'");
    }

    /** Those of one cluster. */
    public Set<String> membersOf(String cluster) {
        return names("address <> '*founder*' AND cluster_name = '" + cluster + "'");
    }

    private Set<String> names(String which) {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT member_name FROM " + table + " WHERE " + which)) {
            Set<String> names = new TreeSet<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + table, e);
        }
    }
}
