package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.RunException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A stack's discovery table as a client of the database sees and changes it. */
record DiscoveryTable(Postgres postgres, String database, Contender contender) {
    private static final String UNDEFINED_TABLE = "42P01";
    private static final Layout STOCK = new Layout("jgroups_ping", "name", "last_update", 1);
    private static final Layout EVENKEEL = new Layout("evenkeel_lease", "member_name", "beat_at_ms", 1000);

    /**
     * Where a stack keeps its discovery.
     *
     * @param nameColumn of the logical name
     * @param timeColumn of the last sign of life
     * @param timeUnitsPerS how that column counts
     */
    private record Layout(String table, String nameColumn, String timeColumn, long timeUnitsPerS) {}

    private Layout layout() {
        return contender.isEvenkeel() ? EVENKEEL : STOCK;
    }

    String name() {
        return layout().table;
    }

    /** True if the member has a row. */
    boolean has(String member) {
        String sql = "SELECT count(*) FROM " + layout().table + " WHERE " + layout().nameColumn + " = ?";
        try (Connection connection = postgres.connect(database);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, member);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1) > 0;
            }
        } catch (SQLException e) {
            throw new RunException("Cannot read " + layout().table + ": " + e.getMessage(), e);
        }
    }

    /** The database's clock, as that column counts. */
    long now() {
        return number("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * " + layout().timeUnitsPerS + " AS BIGINT)");
    }

    /** The number of rows written since a moment of the database's clock. */
    long writtenSince(long then) {
        return number("SELECT count(*) FROM " + layout().table + " WHERE " + layout().timeColumn + " >= " + then);
    }

    private long number(String sql) {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new RunException("Cannot read " + layout().table + ": " + e.getMessage(), e);
        }
    }

    /** Deletes all rows; nothing to do while there is no table. */
    void clear() {
        try {
            execute("DELETE FROM " + layout().table);
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw new RunException("Cannot clear " + layout().table + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * From now on, whatever time of that member is stored is so much too early: as a node would store it whose clock is
     * behind.
     */
    void shiftClockOf(String member, long behindS) {
        long units = behindS * layout().timeUnitsPerS;
        try {
            execute(
                    "CREATE FUNCTION clock_behind() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."
                            + layout().timeColumn + " := NEW." + layout().timeColumn + " - " + units
                            + "; RETURN NEW; END $$",
                    "CREATE TRIGGER clock_behind BEFORE INSERT OR UPDATE ON " + layout().table
                            + " FOR EACH ROW WHEN (NEW." + layout().nameColumn + " = '" + member.replace("'", "''")
                            + "') EXECUTE FUNCTION clock_behind()",
                    "UPDATE " + layout().table + " SET " + layout().timeColumn + " = " + layout().timeColumn);
        } catch (SQLException e) {
            throw new RunException("Cannot shift a clock in " + layout().table + ": " + e.getMessage(), e);
        }
    }

    /** Undoes {@link #shiftClockOf}; the next write is right again. */
    void rightClocks() {
        try {
            execute("DROP FUNCTION IF EXISTS clock_behind() CASCADE");
        } catch (SQLException e) {
            throw new RunException("Cannot right the clocks of " + layout().table + ": " + e.getMessage(), e);
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
