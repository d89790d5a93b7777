package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.property.Secret;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Also lends its talkative driver to others. */
public class JdbcUrlTest {
    private static final String SECRET = "t1ger?x";

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "jdbc:postgresql://h:5432/db jdbc:postgresql://h:5432/db",
                "jdbc:h2:mem:x;DB_CLOSE_DELAY=-1 jdbc:h2:mem:x;(hidden)",
                "jdbc:postgresql://h/db?user=u&password=t1ger jdbc:postgresql://h/db?(hidden)",
                "jdbc:sqlserver://h:1433;databaseName=d;password=t1ger jdbc:sqlserver://h:1433;(hidden)",
                "jdbc:mysql://u:t1ger@h/db jdbc:mysql:(hidden)",
                "jdbc:mysql://u:t1?ger@h/db jdbc:mysql:(hidden)",
                "jdbc:oracle:thin:scott/t1ger@//h:1521/x jdbc:oracle:(hidden)",
                "jdbc:mysql://(host=h,password=t1ger)/db jdbc:mysql:(hidden)",
                "jdbc:db2://h:50000/db:password=t1ger;user=u; jdbc:db2:(hidden)",
                "t1ger@h (hidden)"
            })
    void whatIsPrintedHoldsNoSecret(String url, String printed) {
        assertThat(JdbcUrl.of(url)).hasToString(printed);
        assertThat(JdbcUrl.of(url).reveal()).isEqualTo(url);
        assertThat(printed).doesNotContain("t1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:x://h/db?user=u&password=t1ger?x",
                "jdbc:x://h/db?sslpassword=t1ger?x&a=b",
                "jdbc:x://h;accessToken=t1ger?x;a=b",
                "jdbc:x://u:t1ger?x@h/db",
                "jdbc:x:thin:scott/t1ger?x@//h/db"
            })
    void aDriverThatQuotesTheUrlGivesNothingAway(String url) {
        ConnectionSupplier supplier = ConnectionSuppliers.driver(
                JdbcUrl.of(url),
                "u",
                Secret.of("0ther"),
                Talkative.class.getName(),
                getClass().getClassLoader());
        assertThatThrownBy(supplier::get)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"))
                .hasMessageContaining("cannot parse")
                .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET).doesNotContain("0ther"));
    }

    @Test
    void aFailureThatTellsNothingStaysAsItIs() {
        SQLException failure = new SQLException("down", "08001", new IllegalStateException("port 5432"));
        SQLException clean =
                new SecretRedactor(JdbcUrl.of("jdbc:x://h?password=pw").secrets()).redact(failure);
        assertThat((Object) clean).isSameAs(failure);
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** Fails with everything it was told, in the message and in the cause. */
    public static final class Talkative implements Driver {
        @Override
        public Connection connect(String url, Properties info) throws SQLException {
            throw new SQLException(
                    "cannot parse " + url + " near '" + url.substring(8) + "' " + info,
                    "28P01",
                    new IllegalArgumentException(url));
        }

        @Override
        public boolean acceptsURL(String url) {
            return true;
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }
    }
}
