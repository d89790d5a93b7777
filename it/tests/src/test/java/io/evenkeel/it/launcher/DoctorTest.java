package io.evenkeel.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.Programs;
import io.evenkeel.it.node.TempDir;
import io.evenkeel.protocols.TCP_NETTY;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./evenkeel doctor} on broken set-ups: a real PostgreSQL, real members on the product's stack. */
class DoctorTest {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String CLUSTER = "doctored";

    private static final TempDir DIR = TempDir.create();
    private static final Ports PORTS = new Ports(new SecureRandom());
    private static Postgres postgres;
    private static Path ownCa;
    private static int databases;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Database database;
    private String name;

    @BeforeAll
    static void startDatabase() throws Exception {
        postgres = Postgres.start(DIR.path().resolve("postgres"), PORTS.free(), Caches.ofUser());
        ownCa = keys("own", far(), "127.0.0.1");
    }

    @AfterAll
    static void stopDatabase() {
        try (DIR;
                PORTS) {
            postgres.close();
        }
    }

    @BeforeEach
    void createDatabase() {
        name = "doctor_" + databases++;
        database = postgres.createDatabase(name);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void findsNothingInAHealthyClusterAndLeavesNoTraceInItsMembersLogs() throws Exception {
        TCP_NETTY first = transport(join("A", ownKeys()));
        join("B", ownKeys());

        Report report = doctor(ownOptions());

        assertThat(report.codes()).as(report.text).isEmpty();
        assertThat(report.exitCode).isZero();
        assertThat(report.json.path("members")).hasSize(2).allSatisfy(member -> {
            assertThat(member.path("answers").asBoolean()).isTrue();
            assertThat(member.path("clockAheadMs").isNumber()).isTrue();
        });
        assertThat(first.getRefusalsByReason()).as("refusals").isEmpty();
        assertThat(text(ownOptions())).isEqualTo("Nothing found: 2 rows of cluster 'doctored', 2 beat, 2 answer.\n");
    }

    @Test
    void wrongPort() throws Exception {
        join("A", ownKeys(), Map.of("external_addr", "127.0.0.1", "external_port", String.valueOf(PORTS.free())));

        assertFound(doctor(ownOptions()), "PORT_REFUSED", "nobody listens on the port in its row", "bind-port");
    }

    @Test
    void blockedPort() throws Exception {
        // A queue of connections that is full: the kernel drops what comes, as a firewall does.
        ServerSocket full = listen(1);
        for (int i = 0; i < 4; i++) {
            Socket waiting = new Socket();
            open.add(waiting);
            try {
                waiting.connect(full.getLocalSocketAddress(), 200);
            } catch (IOException e) {
                break;
            }
        }
        join("A", ownKeys(), at(full));

        assertFound(
                doctor(ownOptions(), "--timeout=500"), "PORT_BLOCKED", "no connection within 500 ms", "open the port");
    }

    @Test
    void unroutableAddress() throws Exception {
        join("A", ownKeys(), Map.of("external_addr", "255.255.255.255"));

        assertFound(doctor(ownOptions()), "ADDRESS_UNROUTABLE", "leads nowhere", "bind-address");
    }

    @Test
    void twoClustersOnOneTable() throws Exception {
        join("A", ownKeys());
        connect("another", member("B", ownKeys()));

        Report report = doctor(ownOptions());

        assertFound(report, "OTHER_CLUSTER", "cluster 'another'", "database or schema of its own");
        assertThat(report.exitCode).isEqualTo(1);
    }

    @Test
    void staleRows() throws Exception {
        JChannel member = join("A", ownKeys());
        sql("INSERT INTO evenkeel_lease SELECT cluster_name, 'gone', 'gone', '127.0.0.1:" + PORTS.free()
                + "', 7, TRUE, view_id, view_size, beat, beat_at_ms - 60000, lease_ms, format_version"
                + " FROM evenkeel_lease WHERE member_name = 'A'");
        member.close();

        Report report = doctor(ownOptions());

        assertFound(report, "STALE_ROW", "does not answer", "the next node that joins removes the row");
        assertThat(report.codes()).containsExactly("NO_MEMBERS", "STALE_ROW");
        assertThat(report.exitCode).isEqualTo(1);
    }

    @Test
    void aMemberThatDoesNotReachTheDatabase() throws Exception {
        join("A", ownKeys());
        sql(
                "ALTER ROLE " + name + " NOLOGIN",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + name + "'",
                "UPDATE evenkeel_lease SET beat_at_ms = beat_at_ms - 60000",
                "CREATE ROLE looking_" + name + " LOGIN PASSWORD 'looking' IN ROLE " + name);

        Report report = run(with(
                ownOptions(),
                "--db-url=" + database.jdbcUrl(),
                "--db-username=looking_" + name,
                "--db-password=looking"));

        assertFound(
                report, "NO_HEARTBEAT", "it answers at its address, but its row is not renewed", "reach the database");
    }

    @Test
    void expiredCertificateOfThisHost() throws Exception {
        join("A", ownKeys());
        Path expired = keys("expired", Instant.now().minus(1, ChronoUnit.DAYS), "127.0.0.1");

        Report report = doctor(options(expired, ownCa));

        assertFound(report, "CERTIFICATE_EXPIRED", "expired at", "renew");
        assertThat(report.codes()).containsExactly("CERTIFICATE_EXPIRED");
    }

    @Test
    void wrongCa() throws Exception {
        join("A", ownKeys());
        Path other = keys("other", far(), "127.0.0.1");

        Report report = doctor(options(other, other));

        assertFound(report, "AUTHORITY_NOT_TRUSTED", "not accepted by this host's trust", "trust the CA");
        assertThat(report.codes()).containsOnly("AUTHORITY_NOT_TRUSTED");
    }

    @Test
    void namesThatDoNotFit() throws Exception {
        Path elsewhere = keys("elsewhere", far(), "10.1.2.3");
        join("A", files(elsewhere));

        String option = "--spi-cache-embedded--default--evenkeel-";
        assertFound(
                doctor(options(elsewhere, elsewhere), option + "bind-identity-to-address=true"),
                "ADDRESS_NOT_CERTIFIED",
                "does not bear the node's address 127.0.0.1",
                "issue the certificate with the node's IP address");
        assertFound(
                doctor(options(elsewhere, elsewhere), option + "authorized-peers=dns:*.example"),
                "NAME_NOT_AUTHORIZED",
                "10.1.2.3",
                "compare authorized-peers");
    }

    @Test
    void databaseDown() throws Exception {
        int nobody = PORTS.free();

        Report report =
                run(with(ownOptions(), "--db-url=jdbc:postgresql://127.0.0.1:" + nobody + "/x?password=geheim"));

        assertFound(report, "DATABASE_DOWN", "refused", "start the database");
        assertThat(report.text).doesNotContain("geheim");
    }

    @Test
    void databaseUserWithoutRights() throws Exception {
        join("A", ownKeys());
        sql("CREATE ROLE poor_" + name + " LOGIN PASSWORD 'poor'");
        String[] login = {"--db-url=" + database.jdbcUrl(), "--db-username=poor_" + name, "--db-password=poor"};

        assertFound(run(with(ownOptions(), login)), "DATABASE_RIGHTS", "may not use table EVENKEEL_LEASE", "GRANT");
        sql("GRANT SELECT ON evenkeel_lease TO poor_" + name);
        assertFound(run(with(ownOptions(), login)), "DATABASE_RIGHTS", "may not use table EVENKEEL_LEASE", "GRANT");
    }

    @Test
    void wrongPassword() throws Exception {
        Report report = run(
                with(ownOptions(), "--db-url=" + database.jdbcUrl(), "--db-username=" + name, "--db-password=geheim"));

        assertFound(report, "DATABASE_LOGIN", "refuses the login", "db-password");
        assertThat(report.text).doesNotContain("geheim");
    }

    @Test
    void noTable() throws Exception {
        Report report = doctor(ownOptions());

        assertFound(report, "TABLE_MISSING", "CREATE TABLE", "start a node");
        assertThat(doctor(ownOptions()).codes()).as("nothing was created").contains("TABLE_MISSING");
    }

    @Test
    void clocksOfNodes() throws Exception {
        assumeTrue(Boolean.getBoolean("evenkeel.long"), "set -Devenkeel.long=true; faketime slows a JVM down");
        assumeTrue(Programs.areInstalled("faketime"), "faketime is not installed");
        join("A", ownKeys());
        List<String> arguments = new ArrayList<>(List.of(
                "B",
                database.jdbcUrl(),
                database.owner().user(),
                database.owner().password(),
                CLUSTER));
        ownKeys().forEach((attribute, value) -> arguments.addAll(List.of(attribute, value)));
        ChildJvm ahead = ChildJvm.start(
                List.of("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-m", "-f", "+30s"),
                "B",
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"),
                LeaseMember.class,
                arguments.toArray(String[]::new));
        open.add(ahead);
        ahead.await(line -> line.equals("VIEW 2"), "a view of two", BOUND);

        Report report = doctor(ownOptions());

        assertThat(report.codes()).as(report.text).containsExactly("CLOCK_SKEW");
        assertFound(report, "CLOCK_SKEW", "s ahead of the database's clock", "chrony");
        assertThat(report.json.path("findings").get(0).path("subject").asText()).startsWith("B at ");
    }

    @Test
    void mixedVersions() throws Exception {
        join("A", ownKeys());
        JChannel other = member("B", ownKeys());
        Util.setField(Util.getField(TCP_NETTY.class, "packVersion"), transport(other), "99.1.0");
        connect(CLUSTER, other);

        Report report = doctor(ownOptions());

        assertThat(report.codes()).as(report.text).containsExactly("VERSIONS_MIXED");
        assertFound(report, "VERSIONS_MIXED", "99.1.0 on B", "finish the upgrade");
        assertThat(report.exitCode).isEqualTo(1);
    }

    @Test
    void clearTextOnOneSide() throws Exception {
        JChannel clear = join("A", Map.of());
        assertFound(doctor(ownOptions()), "PLAIN_TEXT", "it does not speak TLS, this host does", "mtls-enabled");
        assertThat(doctor(List.of("--cache-embedded-mtls-enabled=false")).codes())
                .containsExactly("CLEAR_TEXT");
        clear.close();

        join("B", ownKeys());
        assertFound(
                doctor(List.of("--cache-embedded-mtls-enabled=false")),
                "PLAIN_TEXT",
                "as members with TLS do",
                "mtls-enabled");
    }

    @Test
    void somebodyElseBehindTheAddress() throws Exception {
        join("A", ownKeys(), at(listen(50)));

        assertFound(
                doctor(ownOptions(), "--timeout=500"), "NOT_EVENKEEL", "says nothing", "find out who listens there");
    }

    @Test
    void anotherMemberBehindTheAddress() throws Exception {
        JChannel other = connect("another", member("B", ownKeys()));
        join(
                "A",
                ownKeys(),
                Map.of(
                        "external_addr",
                        "127.0.0.1",
                        "external_port",
                        String.valueOf(transport(other).getBoundPort())));

        assertFound(doctor(ownOptions()), "WRONG_MEMBER", "a member of cluster 'another' answers", "of its own");
    }

    @Test
    void leasesThatDiffer() throws Exception {
        join("A", ownKeys());
        connect(CLUSTER, open(stack(ownKeys(), Map.of()).with("JDBC_PING_LEASE", Map.of("lease_ttl", "20s")), "B"));

        assertFound(doctor(ownOptions()), "SETTINGS_DIFFER", "9.5 s (A), 20 s (B)", "lease_ttl");
    }

    @Test
    void membersOnStock() throws Exception {
        join("A", ownKeys());
        sql(
                "CREATE TABLE JGROUPS_PING (address varchar(200) NOT NULL, name varchar(200), cluster_name"
                        + " varchar(200) NOT"
                        + " NULL, ip varchar(200) NOT NULL, coord boolean, last_update bigint, coordinated_by"
                        + " varchar(200),"
                        + " PRIMARY KEY (address))",
                "INSERT INTO JGROUPS_PING VALUES ('x', 'stock-1', '" + CLUSTER
                        + "', '127.0.0.1:7801', TRUE, EXTRACT(EPOCH FROM now()), 'x')",
                "GRANT SELECT ON JGROUPS_PING TO " + name);

        assertFound(doctor(ownOptions()), "STOCK_CLUSTER", "stock-1 at 127.0.0.1:7801", "evenkeel-jdbc");
    }

    @Test
    void keyFilesThatAreMissing() throws Exception {
        join("A", ownKeys());
        Path nowhere = DIR.path().resolve("nowhere");

        assertFound(doctor(options(nowhere, ownCa)), "KEYS_UNUSABLE", "nowhere", "do what the message says");
    }

    @Test
    void wrongOptionsAreToldFromFindings() {
        assertThat(run(List.of()).exitCode).isEqualTo(3);
        assertThat(run(List.of("--db-url=jdbc:postgresql://x/y", "--jsno")).exitCode)
                .isEqualTo(3);
        assertThat(run(List.of("--db-url=jdbc:postgresql://x/y", "--timeout=0")).exitCode)
                .isEqualTo(3);
    }

    private static void assertFound(Report report, String code, String detail, String remedy) {
        assertThat(report.json.path("findings")).as(report.text).anySatisfy(finding -> {
            assertThat(finding.path("code").asText()).isEqualTo(code);
            assertThat(finding.path("detail").asText()).contains(detail);
            assertThat(finding.path("remedy").asText() + finding.path("detail").asText())
                    .contains(remedy);
        });
        assertThat(report.exitCode)
                .isEqualTo(
                        report.json
                                        .path("findings")
                                        .get(0)
                                        .path("severity")
                                        .asText()
                                        .equals("CRITICAL")
                                ? 2
                                : 1);
    }

    private record Report(int exitCode, String text, JsonNode json) {
        List<String> codes() {
            List<String> codes = new ArrayList<>();
            json.path("findings")
                    .forEach(finding -> codes.add(finding.path("code").asText()));
            return codes;
        }
    }

    /** Runs it with this test's database. */
    private Report doctor(List<String> options, String... more) {
        return run(with(with(options, more), login()));
    }

    /** Far more than a member needs, so that a busy machine is no finding. */
    private static List<String> patient(List<String> options) {
        return options.stream().anyMatch(option -> option.startsWith("--timeout"))
                ? options
                : with(options, "--timeout=30000");
    }

    private String[] login() {
        return new String[] {
            "--db-url=" + database.jdbcUrl(),
            "--db-username=" + database.owner().user(),
            "--db-password=" + database.owner().password(),
            "--cluster=" + CLUSTER
        };
    }

    private static List<String> with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Arrays.stream(more)).toList();
    }

    private static Report run(List<String> options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = execute(with(options, "--json"), out, err);
        try {
            return new Report(exitCode, out + err.toString(), new ObjectMapper().readTree(out.toString()));
        } catch (IOException e) {
            throw new IllegalStateException(out + err.toString(), e);
        }
    }

    private String text(List<String> options) {
        StringWriter out = new StringWriter();
        execute(with(options, login()), out, new StringWriter());
        return out.toString();
    }

    private static int execute(List<String> options, StringWriter out, StringWriter err) {
        return Launcher.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(with(List.of("doctor"), patient(options).toArray(String[]::new))
                        .toArray(String[]::new));
    }

    private void sql(String... statements) throws Exception {
        try (Connection connection = postgres.connect(name);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private ServerSocket listen(int backlog) throws IOException {
        ServerSocket server = new ServerSocket();
        open.add(server);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
        return server;
    }

    private static Map<String, String> at(ServerSocket server) {
        return Map.of("external_addr", "127.0.0.1", "external_port", String.valueOf(server.getLocalPort()));
    }

    private JChannel join(String member, Map<String, String> keys) throws Exception {
        return connect(CLUSTER, member(member, keys));
    }

    private JChannel join(String member, Map<String, String> keys, Map<String, String> address) throws Exception {
        return connect(CLUSTER, open(stack(keys, address), member));
    }

    private JChannel member(String member, Map<String, String> keys) throws Exception {
        return open(stack(keys, Map.of()), member);
    }

    private StackXml stack(Map<String, String> keys, Map<String, String> address) {
        Map<String, String> attributes = new HashMap<>(keys);
        attributes.putAll(address);
        // More than a cold JVM's first handshake takes that has a fraction of a processor.
        attributes.put("handshake_timeout", "60000");
        attributes.put("encryption", keys.isEmpty() ? "none" : "tls");
        return StackXml.evenkeelOn(database, "127.0.0.1").with("TCP_NETTY", attributes);
    }

    private JChannel open(StackXml stack, String member) throws Exception {
        JChannel channel = new JChannel(stack).name(member);
        open.add(channel);
        return channel;
    }

    /** Connects, and waits until the rows of all members of the cluster bear its view. */
    private JChannel connect(String cluster, JChannel channel) throws Exception {
        channel.connect(cluster);
        long number = channel.getView().getViewId().getId();
        await().atMost(BOUND).until(() -> {
            try (Connection connection = postgres.connect(name);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM evenkeel_lease WHERE cluster_name = '"
                            + cluster + "' AND view_id LIKE '%|" + number + "'")) {
                rows.next();
                return rows.getInt(1) == channel.getView().size();
            }
        });
        return channel;
    }

    private static TCP_NETTY transport(JChannel channel) {
        return (TCP_NETTY) channel.getProtocolStack().getTransport();
    }

    private static Map<String, String> ownKeys() {
        return files(ownCa);
    }

    private static List<String> ownOptions() {
        return options(ownCa, ownCa);
    }

    /** Attributes of the transport for a directory of keys. */
    private static Map<String, String> files(Path keys) {
        return Map.of(
                "tls.keystore_type", "PEM",
                "tls.keystore_path", keys.resolve("tls.crt").toString(),
                "keystore_key_path", keys.resolve("tls.key").toString(),
                "tls.truststore_type", "PEM",
                "tls.truststore_path", keys.resolve("ca.crt").toString());
    }

    /** Options of Keycloak for the same. */
    private static List<String> options(Path keys, Path trust) {
        String option = "--spi-cache-embedded--default--evenkeel-tls-";
        return List.of(
                option + "certificate-file=" + keys.resolve("tls.crt"),
                option + "key-file=" + keys.resolve("tls.key"),
                option + "trust-file=" + trust.resolve("ca.crt"));
    }

    private static Instant far() {
        return Instant.now().plus(300, ChronoUnit.DAYS);
    }

    /** A directory with a certificate of an authority of its own. */
    private static Path keys(String name, Instant to, String address) throws IOException {
        SecureRandom random = new SecureRandom();
        Instant from = Instant.now().minus(2, ChronoUnit.DAYS);
        CertificateAuthority ca = CertificateAuthority.create("CN=" + name, from, far(), random);
        Identity node =
                ca.issue(CertificateSpec.node("CN=node of " + name, from, to).withIp(address), random);
        Path keys = Files.createDirectories(DIR.path().resolve(name));
        MaterialWriter.writePem(keys.resolve("tls.key"), node.key());
        MaterialWriter.writePem(keys.resolve("tls.crt"), node.chain());
        MaterialWriter.writePem(keys.resolve("ca.crt"), List.of(ca.certificate()));
        return keys;
    }
}
