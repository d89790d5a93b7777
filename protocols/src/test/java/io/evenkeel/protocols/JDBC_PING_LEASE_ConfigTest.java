package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.it.node.Postgres;
import io.evenkeel.protocols.lease.jdbc.JdbcUrlTest;
import io.evenkeel.protocols.transport.LineLog;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.NamingManager;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jgroups.JChannel;
import org.jgroups.jmx.ResourceDMBean;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of operators, and the ways to a connection. */
class JDBC_PING_LEASE_ConfigTest {
    private static final String SECRET = "s3cr3t-of-the-operator";

    @TempDir
    static Path directory;

    private static Postgres database;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = Postgres.trusting(directory);
        execute("CREATE ROLE humble LOGIN PASSWORD '" + SECRET + "'");
        execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        execute("CREATE SCHEMA \"other-schema\"");
        execute("CREATE TABLE foreign_table (id INT)");
        execute("CREATE TABLE twisted AS SELECT 'c'::varchar AS cluster_name, 'a'::varchar AS address,"
                + " 'n'::varchar AS member_name, 'p'::varchar AS physical_address, 'x'::varchar AS incarnation,"
                + " true AS coordinator, 'v'::varchar AS view_id, 1 AS view_size, 1 AS beat, 1 AS beat_at_ms,"
                + " 1 AS lease_ms, 1 AS format_version");
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static JDBC_PING_LEASE connect(Consumer<JDBC_PING_LEASE> settings) throws Exception {
        return connect(new JDBC_PING_LEASE(), settings);
    }

    private static JDBC_PING_LEASE connect(JDBC_PING_LEASE ping, Consumer<JDBC_PING_LEASE> settings) throws Exception {
        LeaseNode.shortLease(ping);
        ping.setValue("leave_timeout", 60_000L);
        settings.accept(ping);
        TCP tcp = new TCP();
        tcp.setBindAddress(InetAddress.getLoopbackAddress());
        tcp.setBindPort(0);
        try (JChannel channel = new JChannel(
                tcp, ping, new NAKACK2().useMcastXmit(false), new UNICAST3(), new GMS().printLocalAddress(false))) {
            channel.connect("config");
            assertThat(channel.getView().size()).isEqualTo(1);
        }
        return ping;
    }

    private static Consumer<JDBC_PING_LEASE> onDatabase() {
        return ping -> ping.setDataSource(database.dataSource());
    }

    private static Consumer<JDBC_PING_LEASE> byUrl(String user) {
        return ping -> ping.setConnectionUrl(database.url())
                .setConnectionUsername(user)
                .setConnectionPassword(SECRET);
    }

    private static Consumer<JDBC_PING_LEASE> with(String property, Object value) {
        return ping -> ping.setValue(property, value);
    }

    @Test
    void noSourceOfConnections() {
        assertThatThrownBy(() -> connect(ping -> {}))
                .hasMessageContaining("connection_url")
                .hasMessageContaining("setDataSource");
    }

    @ParameterizedTest
    @CsvSource({
        "heartbeat_interval, 1000, 'heartbeat_interval=1000 must be < lease_ttl/3 = 1000'",
        "query_timeout, 999, 'query_timeout=999 must be a multiple of 1000'",
        "query_timeout, 1500, 'query_timeout=1500 must be a multiple of 1000'",
        "network_timeout, 1000, 'network_timeout=1000 must be > query_timeout = 1000'",
        "connect_timeout, 1001, '= 3001 must be <= lease_ttl = 3000'",
        "login_timeout, 999, 'login_timeout=999 must be >= connect_timeout = 1000'",
        "probe_timeout, 0, 'probe_timeout=0'",
        "join_report_interval, 0, 'join_report_interval=0 must be > 0'",
        "diary_interval, 500, 'former name of join_report_interval, and both are set; remove diary_interval'",
        "max_join_time, -1, 'max_join_time=-1 must be 0 or > lease_ttl = 3000'",
        "max_join_time, 3000, 'max_join_time=3000 must be 0 or > lease_ttl = 3000'"
    })
    void intervalsThatDoNotGoTogether(String property, long value, String message) {
        assertThatThrownBy(() -> connect(onDatabase().andThen(with(property, value))))
                .hasStackTraceContaining(message);
    }

    @Test
    void theFormerNameOfTheIntervalOfReportsWorksAndWarns() throws Exception {
        JDBC_PING_LEASE ping = connect(
                LineLog.recording(JDBC_PING_LEASE::new),
                onDatabase().andThen(with("join_report_interval", 3000L)).andThen(with("diary_interval", 1L)));
        assertThat(ping.joinReportIntervalMs()).isEqualTo(1);
        assertThat(LineLog.of(ping))
                .containsOnlyOnce("WARN attributes with names of former versions: diary_interval is"
                        + " join_report_interval; rename them");
    }

    @ParameterizedTest
    @CsvSource({
        "stock_cluster, Refuse, 'stock_cluster=Refuse must be refuse, warn or join'",
        "stock_table, a.b.c, stock_table=a.b.c must be table or schema.table",
        "initial_hosts, host:7800, 'initial_hosts=host:7800 must have the port in brackets'",
        "dns_record_type, MX, 'dns_record_type=MX must be one of [A, AAAA, SRV]'",
        "dns_address, 10.0.0.53, dns_address=10.0.0.53 must be empty without dns_query",
    })
    void wordsThatAreNone(String property, String value, String message) {
        assertThatThrownBy(() -> connect(onDatabase().andThen(with(property, value))))
                .hasStackTraceContaining(message);
    }

    @Test
    void discoveryInTheBackgroundWouldFound() {
        assertThatThrownBy(() -> connect(onDatabase().andThen(with("num_discovery_runs", 2))))
                .hasStackTraceContaining("num_discovery_runs=2 must be 1");
    }

    @Test
    void aMissingDriver() {
        assertThatThrownBy(() -> connect(byUrl("humble").andThen(with("connection_driver", "no.such.Driver"))))
                .hasStackTraceContaining("connection_driver=no.such.Driver cannot be loaded");
    }

    @Test
    void anUnknownLogin() {
        assertThatThrownBy(() -> connect(byUrl("nobody")))
                .hasMessageContaining("refuses the login")
                .hasMessageContaining("check the user name and the password")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aTableThatMayNotBeCreated() {
        assertThatThrownBy(() -> connect(byUrl("humble").andThen(with("table_name", "not_yet"))))
                .hasMessageContaining("table not_yet is missing")
                .hasMessageContaining("CREATE TABLE IF NOT EXISTS not_yet (")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aTableThatShallNotBeCreated() {
        assertThatThrownBy(() -> connect(
                        onDatabase().andThen(with("create_table", false)).andThen(with("table_name", "not_wanted"))))
                .hasMessageContaining("create_table=false")
                .hasMessageContaining("CREATE TABLE IF NOT EXISTS not_wanted (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"foreign_table", "twisted"})
    void aTableOfAnotherShape(String table) {
        assertThatThrownBy(() -> connect(onDatabase().andThen(with("table_name", table))))
                .hasMessageContaining("table " + table + " has another shape")
                .hasMessageContaining("choose another table_name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leases",
                "public.leases2",
                "other-schema.my table",
                "\"other-schema\".\"Dotted.Name\"",
                "\"order\""
            })
    void namesOfTables(String table) throws Exception {
        assertThat(connect(onDatabase().andThen(with("table_name", table))).getBeats())
                .isPositive();
    }

    @Test
    void aTableThatSomebodyElseMade() throws Exception {
        connect(onDatabase().andThen(with("table_name", "granted")));
        execute("GRANT SELECT, INSERT, UPDATE, DELETE ON granted TO humble");
        connect(byUrl("humble").andThen(with("table_name", "granted")));
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT address, beat FROM granted")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("*founder*");
            assertThat(rows.getLong(2)).isEqualTo(2);
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void aDataSourceInJndi() throws Exception {
        NamingManager.setInitialContextFactoryBuilder(environment -> ignored -> directory(database.dataSource()));
        JDBC_PING_LEASE ping =
                connect(with("datasource_jndi_name", "java:/bound").andThen(with("table_name", "by_jndi")));
        assertThat(ping.getBeats()).isPositive();
        assertThatThrownBy(() -> connect(with("datasource_jndi_name", "java:/absent")))
                .hasStackTraceContaining("datasource_jndi_name=java:/absent cannot be looked up");
        assertThatThrownBy(() -> connect(with("datasource_jndi_name", "java:/text")))
                .hasStackTraceContaining("datasource_jndi_name=java:/text is bound to no DataSource");
    }

    private static Context directory(DataSource bound) {
        return (Context) Proxy.newProxyInstance(
                JDBC_PING_LEASE_ConfigTest.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("lookup")) {
                        return null;
                    }
                    if (arguments[0].equals("java:/absent")) {
                        throw new NameNotFoundException("java:/absent");
                    }
                    return arguments[0].equals("java:/text") ? "text" : bound;
                });
    }

    @Test
    void anInjecterThatGivesNothing() {
        assertThatThrownBy(() -> connect(with("datasource_injecter_class", EmptyHanded.class.getName())))
                .hasStackTraceContaining(
                        "datasource_injecter_class=" + EmptyHanded.class.getName() + " gave no DataSource");
    }

    @ParameterizedTest
    @ValueSource(classes = {OfJdbcPing2.class, String.class})
    void anInjecterOfAnotherKind(Class<?> injecter) {
        assertThatThrownBy(() -> connect(with("datasource_injecter_class", injecter.getName())))
                .hasStackTraceContaining("datasource_injecter_class=" + injecter.getName()
                        + " must be a Function<JDBC_PING_LEASE,DataSource>");
    }

    /** As JDBC_PING2's users have it. */
    public static final class OfJdbcPing2 implements Function<JDBC_PING2, DataSource> {
        @Override
        public DataSource apply(JDBC_PING2 ping) {
            return null;
        }
    }

    /** An injecter with nothing to inject. */
    public static final class EmptyHanded implements Function<JDBC_PING_LEASE, DataSource> {
        @Override
        public DataSource apply(JDBC_PING_LEASE ping) {
            return null;
        }
    }

    @Test
    void aDataSourceOfOursIsClosedWithTheChannel() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        JDBC_PING_LEASE ping = new JDBC_PING_LEASE();
        connect(ping, p -> p.setOwnDataSource(database.dataSource(), closed::incrementAndGet));
        assertThat(ping.getBeats()).isPositive();
        assertThat(closed).hasValue(1);
    }

    @Test
    void anInjectedDataSource() throws Exception {
        JDBC_PING_LEASE ping = connect(with("datasource_injecter_class", Injecter.class.getName()));
        assertThat(ping.getBeats()).isPositive();
    }

    @Test
    void secretsStayHidden() throws Exception {
        String xml =
                """
                <config>
                  <TCP bind_addr="127.0.0.1" bind_port="0"/>
                  <%s connection_url="%s?user=humble&amp;password=%s&amp;sslpassword=%s" connection_password="%s"
                    table_name="leases_of_xml" create_table="%s"/>
                  <pbcast.NAKACK2/><UNICAST3/><pbcast.STABLE/><pbcast.GMS/>
                </config>
                """
                        .formatted(JDBC_PING_LEASE.class.getName(), database.url(), SECRET, SECRET, SECRET, false);
        connect(onDatabase().andThen(with("table_name", "leases_of_xml")));
        execute("GRANT SELECT, INSERT, UPDATE, DELETE ON leases_of_xml TO humble");
        try (JChannel channel = new JChannel(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))) {
            channel.connect("config");
            JDBC_PING_LEASE ping = channel.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
            assertThat(channel.getProtocolStack().printProtocolSpec(true)
                            + channel.getProtocolStack().printProtocolSpecAsXML()
                            + channel.getProtocolStack().dumpStats()
                            + Arrays.toString(
                                    new ResourceDMBean(ping).getMBeanInfo().getAttributes())
                            + ping.dump())
                    .contains("connection_password=(hidden)")
                    .contains(database.url() + "?(hidden)")
                    .contains("founder epoch")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void aRefusedLoginShowsNoSecret() {
        JDBC_PING_LEASE ping = LineLog.recording(JDBC_PING_LEASE::new);
        assertThatThrownBy(() -> connect(ping, p -> p.setConnectionUrl(database.url() + "?password=" + SECRET)
                        .setConnectionDriver(JdbcUrlTest.Talkative.class.getName())))
                .hasMessageContaining("refuses the login")
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).contains("(hidden)").doesNotContain(SECRET);
                });
        assertThat(LineLog.of(ping)).isNotEmpty().noneSatisfy(line -> assertThat(line)
                .contains(SECRET));
    }

    /** As JDBC_PING2's users write it, but for the protocol that it takes. */
    public static final class Injecter implements Function<JDBC_PING_LEASE, DataSource> {
        @Override
        public DataSource apply(JDBC_PING_LEASE ping) {
            JdbcDataSource memory = new JdbcDataSource();
            memory.setURL("jdbc:h2:mem:injected;DB_CLOSE_DELAY=-1");
            return memory;
        }
    }
}
