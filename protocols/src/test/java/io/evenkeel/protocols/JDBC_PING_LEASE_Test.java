package io.evenkeel.protocols;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.protocols.lease.LeaseHealth;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real channels on TCP and a real PostgreSQL: the ordinary life of a cluster. */
class JDBC_PING_LEASE_Test {
    @TempDir
    static Path directory;

    private static Postgres database;
    private final List<LeaseNode> nodes = new ArrayList<>();

    @BeforeAll
    static void startDatabase() throws Exception {
        database = Postgres.trusting(directory);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    @BeforeEach
    void emptyTable() throws Exception {
        execute("DROP TABLE IF EXISTS evenkeel_lease");
        execute("DROP TABLE IF EXISTS jgroups_ping");
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(LeaseNode::close);
    }

    private LeaseNode probingNode(String name) throws Exception {
        LeaseNode node = new LeaseNode(name, database.dataSource(), new ProbingTcp());
        nodes.add(node);
        return node;
    }

    private LeaseNode node(String name) throws Exception {
        LeaseNode node = new LeaseNode(name, database.dataSource(), new TCP());
        nodes.add(node);
        return node;
    }

    private List<LeaseNode> startTogether(int count) throws Exception {
        List<LeaseNode> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(node("N" + i));
        }
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(count);
        List<Future<JChannel>> connects = started.stream()
                .map(n -> pool.submit(() -> {
                    go.await();
                    return n.connect();
                }))
                .toList();
        go.countDown();
        for (Future<JChannel> connect : connects) {
            connect.get(120, SECONDS);
        }
        pool.shutdown();
        return started;
    }

    private void awaitOneView(List<LeaseNode> members) {
        awaitOneView(members, members.size());
    }

    private void awaitOneView(List<LeaseNode> members, int size) {
        await().untilAsserted(() ->
                assertThat(members).allSatisfy(n -> assertThat(n.view()).hasSize(size)));
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> namesInTable() throws Exception {
        List<String> names = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT member_name FROM evenkeel_lease WHERE address <> '*founder*' ORDER BY member_name")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void thoseWhoStartTogetherFormOneViewWithoutAMerge(int count) throws Exception {
        List<LeaseNode> members = startTogether(count);
        awaitOneView(members);
        assertThat(members).allSatisfy(n -> assertThat(n.mergeViews()).isEmpty());
        await().until(() -> members.get(0).ping().getFounderEpoch() == 1);
        assertThat(namesInTable()).hasSize(count);
        assertThat(members).allSatisfy(n -> assertThat(n.ping().health()).isEqualTo(new LeaseHealth.Healthy()));
    }

    @Test
    void aLeaveDeletesTheRow() throws Exception {
        LeaseNode a = node("A").withPatientLease();
        LeaseNode b = node("B");
        a.connect();
        b.connect();
        awaitOneView(List.of(a, b));
        assertThat(namesInTable()).containsExactly("A", "B");
        a.close();
        assertThat(namesInTable()).containsExactly("B");
        awaitOneView(List.of(b));
        LeaseNode c = node("C");
        c.connect();
        awaitOneView(List.of(b, c));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theRowOfAKilledCoordinatorGoes(boolean probing) throws Exception {
        try (ChildJvm killed = LeaseNodeMain.join("K", database)) {
            LeaseNode survivor = probing ? probingNode("S") : node("S");
            survivor.connect();
            awaitOneView(List.of(survivor), 2);
            assertThat(namesInTable()).containsExactly("K", "S");
            killed.kill();
            awaitOneView(List.of(survivor));
            await().untilAsserted(() -> assertThat(namesInTable()).containsExactly("S"));
            await().until(() -> survivor.ping().getEvictions() == 1);
            assertThat(survivor.ping().getReentries()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNodeFoundsAgainAfterAllWereKilled(boolean probing) throws Exception {
        try (ChildJvm one = LeaseNodeMain.join("K1", database);
                ChildJvm two = LeaseNodeMain.join("K2", database)) {
            one.kill();
            two.kill();
            assertThat(namesInTable()).containsExactly("K1", "K2");
            LeaseNode restarted = probing ? probingNode("R") : node("R");
            restarted.connect();
            assertThat(restarted.view()).hasSize(1);
            await().untilAsserted(() -> assertThat(namesInTable()).containsExactly("R"));
            await().until(() -> restarted.ping().getFounderEpoch() == 2);
        }
    }

    @Test
    void aLeaveDoesNotWaitForAFrozenDatabase() throws Exception {
        List<LeaseNode> members = startTogether(2);
        awaitOneView(members);
        LeaseNode stays = members.get(0);
        Freeze frozen = Freeze.of(database);
        try {
            members.get(1).close();
            awaitOneView(List.of(stays));
            await().until(() -> stays.ping().getDatabaseUp() == 0);
            assertThat(stays.ping().health()).isEqualTo(new LeaseHealth.Healthy());
            assertThat(stays.ping().dump()).contains("founder epoch 1", "N0");
        } finally {
            frozen.close();
        }
        await().untilAsserted(() -> assertThat(namesInTable()).containsExactly("N0"));
        await().until(() -> stays.ping().getDatabaseUp() == 1);
    }

    @Test
    void anOutageOfTheDatabaseCostsNobodyItsRow() throws Exception {
        List<LeaseNode> members = startTogether(3);
        awaitOneView(members);
        database.stop();
        try {
            await().untilAsserted(() -> assertThat(members)
                    .allSatisfy(n -> assertThat(n.ping().getLastBeatAgeMs()).isGreaterThan(LeaseNode.LEASE_MS)));
            awaitOneView(members);
            assertThat(members).allSatisfy(n -> {
                assertThat(n.ping().getDatabaseUp()).isZero();
                assertThat(n.ping().health()).isEqualTo(new LeaseHealth.Healthy());
            });
        } finally {
            database.start();
        }
        List<Long> beats = members.stream().map(n -> n.ping().getBeats()).toList();
        await().untilAsserted(() -> assertThat(members)
                .allSatisfy(n -> assertThat(n.ping().getBeats()).isGreaterThan(beats.get(members.indexOf(n)) + 10)));
        assertThat(namesInTable()).containsExactly("N0", "N1", "N2");
        assertThat(members).allSatisfy(n -> {
            assertThat(n.ping().getEvictions()).isZero();
            assertThat(n.ping().getReentries()).isZero();
        });
    }

    @Test
    void aMemberWhoseRowWasDeletedEntersItAgain() throws Exception {
        LeaseNode a = node("A");
        a.connect();
        execute("DELETE FROM evenkeel_lease");
        await().untilAsserted(() -> assertThat(namesInTable()).containsExactly("A"));
        assertThat(a.ping().getReentries()).isEqualTo(1);
    }

    @Test
    void foreignRowsAreCountedAndLeftAlone() throws Exception {
        node("A").connect();
        stopNodes();
        String columns =
                "INSERT INTO evenkeel_lease (cluster_name, address, member_name, physical_address, incarnation,"
                        + " coordinator, view_id, view_size, beat, beat_at_ms, lease_ms, format_version) VALUES ";
        execute(columns + "('other', 'x', 'X', '127.0.0.1:1', 1, true, 'x|1', 1, 1, 0, 1000, 1)");
        // Of a later version, which has not been here for long: its lease is a day.
        execute(columns + "('keel', 'y', 'Y', '127.0.0.1:2', 1, false, NULL, 0, 1, 0, 86400000, 99)");
        LeaseNode b = node("B");
        b.connect();
        await().until(() -> b.ping().getForeignRows() == 2);
        long beats = b.ping().getBeats();
        await().until(() -> b.ping().getBeats() > beats + LeaseNode.LEASE_MS / LeaseNode.HEARTBEAT_MS + 2);
        assertThat(namesInTable()).containsExactly("B", "X", "Y");
    }

    @Test
    void aCoordinatorWhoseRowCannotBeReadIsWaitedFor() throws Exception {
        node("A").connect();
        stopNodes();
        execute("INSERT INTO evenkeel_lease (cluster_name, address, member_name, physical_address, incarnation,"
                + " coordinator, view_id, view_size, beat, beat_at_ms, lease_ms, format_version) VALUES"
                + " ('keel', 'of another version', 'Y', '127.0.0.1:2', 1, true, 'y|1', 1, 1,"
                + " CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), 3000, 99)");
        LeaseNode b = node("B");
        b.connect();
        assertThat(namesInTable()).containsExactly("B");
        await().until(() -> b.ping().getFounderEpoch() == 2);
    }

    @Test
    void anOperatorCanHaveABeatAndARead() throws Exception {
        LeaseNode a = node("A");
        a.ping().setValue("heartbeat_interval", 60_000L);
        a.ping().setValue("lease_ttl", 200_000L);
        a.connect();
        await().until(() -> a.ping().getLiveRows() == 1);
        long beats = a.ping().getBeats();
        a.ping().beatNow();
        await().until(() -> a.ping().getBeats() > beats);
        long reads = a.ping().getFullReads();
        a.ping().evictExpired();
        await().until(() -> a.ping().getFullReads() > reads);
    }

    @Test
    void ordinaryMembersReadTwoRowsABeat() throws Exception {
        List<LeaseNode> members = startTogether(5);
        awaitOneView(members);
        LeaseNode ordinary = members.stream()
                .filter(n -> !n.view().get(0).toString().equals(n.name()))
                .findFirst()
                .orElseThrow();
        await().until(() -> ordinary.ping().getBeats() > 20);
        // A coordinator that is late for a beat, as on a slow machine, has the others read all rows for a while.
        await().untilAsserted(() -> {
            long rows = ordinary.ping().getRowsRead();
            long fullReads = ordinary.ping().getFullReads();
            long beats = ordinary.ping().getBeats();
            await().until(() -> ordinary.ping().getBeats() >= beats + 8);
            assertThat(ordinary.ping().getFullReads()).isEqualTo(fullReads);
            assertThat(ordinary.ping().getRowsRead() - rows)
                    .isLessThanOrEqualTo(2 * (ordinary.ping().getBeats() - beats));
        });
    }

    @Test
    void nobodyFoundsWhileTheDatabaseIsDown() throws Exception {
        database.stop();
        LeaseNode a = node("A");
        ExecutorService starter = Executors.newSingleThreadExecutor();
        Future<JChannel> connecting;
        try {
            connecting = starter.submit(a::connect);
            await().until(() -> a.ping().getDatabaseErrors() > 3);
            assertThat(connecting.isDone()).isFalse();
        } finally {
            database.start();
        }
        connecting.get(120, SECONDS);
        starter.shutdown();
        assertThat(a.view()).hasSize(1);
        await().until(() -> a.ping().getFounderEpoch() == 1);
    }

    /** With addresses as Infinispan's, which are more than the table has of them. */
    @Test
    void aSplitIsSeenInTheTableAndHealed() throws Exception {
        List<LeaseNode> members =
                List.of(node("N0").withRichAddress(), node("N1").withRichAddress());
        for (LeaseNode member : members) {
            member.connect();
        }
        awaitOneView(members);
        members.get(1).isolate(true);
        await().untilAsserted(() -> {
            assertThat(members).allSatisfy(n -> assertThat(n.view()).hasSize(1));
            assertThat(members.stream().map(n -> n.ping().health()).toList())
                    .hasAtLeastOneElementOfType(LeaseHealth.Healthy.class)
                    .hasAtLeastOneElementOfType(LeaseHealth.Unhealthy.class);
        });
        members.get(1).isolate(false);
        awaitOneView(members);
        await().untilAsserted(() -> assertThat(members)
                .allSatisfy(n -> assertThat(n.ping().health()).isEqualTo(new LeaseHealth.Healthy())));
        assertThat(members).anySatisfy(n -> assertThat(n.mergeViews()).isNotEmpty());
        assertThat(members).flatMap(LeaseNode::view).allSatisfy(address -> assertThat(address)
                .isInstanceOfSatisfying(ExtendedUUID.class, rich -> assertThat(rich.keyExists(LeaseNode.RICH))
                        .isTrue()));
        assertThat(namesInTable()).containsExactly("N0", "N1");
    }

    /** A member suspects the other, which does not suspect it. The one with the lower address leads the merge. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void aMemberThatGoesOnAloneWhileTheOtherKeepsItIsMergedWith(long address) throws Exception {
        LeaseNode a = node("N0").withAddress(2);
        LeaseNode b = node("N1").withAddress(address);
        a.connect();
        b.connect();
        awaitOneView(List.of(a, b));
        b.install(2, b);
        a.install(2, a, b);
        await().untilAsserted(() -> {
            assertThat(a.mergeViews()).isNotEmpty();
            assertThat(b.mergeViews()).isNotEmpty();
        });
        awaitOneView(List.of(a, b));
    }

    /** The row of A leads nowhere, as with a wrong external address, and goes on beating. */
    private static void leadAstray(LeaseNode a) throws Exception {
        execute("CREATE OR REPLACE FUNCTION lead_astray() RETURNS trigger AS $$ BEGIN"
                + " NEW.physical_address := '127.0.0.1:1'; RETURN NEW; END $$ LANGUAGE plpgsql");
        execute("CREATE TRIGGER astray BEFORE UPDATE ON evenkeel_lease FOR EACH ROW"
                + " WHEN (NEW.member_name = 'A') EXECUTE FUNCTION lead_astray()");
        await().until(() -> a.ping().dump().contains("127.0.0.1:1 "));
    }

    @Test
    void whoBeatsButCannotBeReachedIsNotFoundedBeside() throws Exception {
        LeaseNode a = probingNode("A").withPatientLease();
        a.connect();
        leadAstray(a);
        LeaseNode b = probingNode("B").withPatientLease();
        ExecutorService starter = Executors.newSingleThreadExecutor();
        Future<JChannel> connecting = starter.submit(b::connect);
        await().untilAsserted(() -> assertThat(b.ping().getDiary())
                .contains("coordinator A at 127.0.0.1:1")
                .contains("refused the connection")
                .contains("yet it beats in the table")
                .contains("check firewalls"));
        long beats = a.ping().getBeats();
        await().until(() -> a.ping().getBeats() > beats + 10);
        assertThat(connecting.isDone()).isFalse();
        execute("DROP TRIGGER astray ON evenkeel_lease");
        connecting.get(120, SECONDS);
        starter.shutdown();
        awaitOneView(List.of(a, b));
        assertThat(a.ping().getReentries()).isZero();
        assertThat(a.ping().getFounderEpoch()).isEqualTo(1);
    }

    @Test
    void membersOnStockJdbcPingBesideUsMakeUsNotReadyUnlessThatIsAllowed() throws Exception {
        LeaseNode refusing = node("A").withPatientLease();
        LeaseNode warning = node("B").withPatientLease();
        warning.ping().setStockCluster("warn");
        refusing.connect();
        warning.connect();
        awaitOneView(List.of(refusing, warning));
        assertThat(refusing.ping().health()).isEqualTo(new LeaseHealth.Healthy());
        // Keycloak's table, with a row whose clock is years behind.
        execute("CREATE TABLE jgroups_ping (address text, name text, cluster_name text, ip text, coord boolean,"
                + " last_update bigint, coordinated_by text)");
        execute("INSERT INTO jgroups_ping VALUES ('x', 'kc-stock', 'keel', '127.0.0.1:1', true, 1, 'x')");
        execute("INSERT INTO jgroups_ping VALUES ('y', 'kc-other', 'other', '127.0.0.1:2', true, 1, 'y')");
        await().untilAsserted(() -> {
            assertThat(refusing.ping().health())
                    .isInstanceOfSatisfying(LeaseHealth.Unhealthy.class, health -> assertThat(health.reason())
                            .contains("kc-stock at 127.0.0.1:1")
                            .doesNotContain("kc-other"));
            assertThat(refusing.ping().getStockMembers()).isEqualTo(1);
            assertThat(warning.ping().getStockMembers()).isEqualTo(1);
        });
        assertThat(warning.ping().health()).isEqualTo(new LeaseHealth.Healthy());
        execute("DELETE FROM jgroups_ping");
        await().untilAsserted(() -> assertThat(refusing.ping().health()).isEqualTo(new LeaseHealth.Healthy()));
        assertThat(refusing.ping().getDatabaseErrors()).isZero();
    }

    @Test
    void aCloseByAnotherThreadEndsAJoin() throws Exception {
        LeaseNode a = probingNode("A").withPatientLease();
        a.connect();
        leadAstray(a);
        LeaseNode b = probingNode("B").withPatientLease();
        ExecutorService starter = Executors.newSingleThreadExecutor();
        Future<JChannel> connecting = starter.submit(b::connect);
        await().untilAsserted(() -> assertThat(b.ping().getDiary()).contains("coordinator A"));
        b.close();
        assertThatThrownBy(() -> connecting.get(120, SECONDS))
                .hasStackTraceContaining("the join of keel was ended: the channel is being closed")
                .hasStackTraceContaining("coordinator A at 127.0.0.1:1");
        starter.shutdown();
        assertThat(namesInTable()).containsExactly("A");
        assertThat(a.view()).hasSize(1);
    }

    @Test
    void aCloseEndsAJoinThatNoCoordinatorAnswers() throws Exception {
        LeaseNode a = node("A").withPatientLease();
        a.connect();
        LeaseNode b = node("B").withPatientLease();
        b.ping().getProtocolStack().findProtocol(GMS.class).setValue("join_timeout", 600_000L);
        b.ping().getProtocolStack().insertProtocol(new JoinRequestDropper(), ProtocolStack.Position.BELOW, GMS.class);
        ExecutorService starter = Executors.newSingleThreadExecutor();
        Future<JChannel> connecting = starter.submit(b::connect);
        await().until(() -> namesInTable().contains("B"));
        // It waits for the answer to a JOIN that is never delivered.
        await().until(() -> connectorWaitsIn("ClientGmsImpl", "installViewIfValidJoinRsp"));
        b.close();
        assertThatThrownBy(() -> connecting.get(120, SECONDS))
                .hasStackTraceContaining("the join of keel was ended: the channel is being closed");
        starter.shutdown();
        assertThat(namesInTable()).containsExactly("A");
    }

    /** Lets everything pass but requests to join. */
    private static final class JoinRequestDropper extends Protocol {
        @Override
        public Object down(Message message) {
            GMS.GmsHeader header = message.getHeader(ClassConfigurator.getProtocolId(GMS.class));
            return header != null && header.getType() == GMS.GmsHeader.JOIN_REQ ? null : super.down(message);
        }
    }

    private static boolean connectorWaitsIn(String simpleName, String method) {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().endsWith(simpleName)
                        && frame.getMethodName().equals(method));
    }

    @Test
    void aJoinThatTakesTooLongEndsWithWhatStoodInItsWay() throws Exception {
        LeaseNode a = probingNode("A").withPatientLease();
        a.connect();
        leadAstray(a);
        LeaseNode b = probingNode("B").withPatientLease();
        long maxJoinTimeMs = 2 * LeaseNode.PATIENT_LEASE_MS;
        b.ping().setMaxJoinTime(maxJoinTimeMs);
        assertThatThrownBy(b::connect)
                .hasStackTraceContaining("max_join_time=" + maxJoinTimeMs + " ms is over")
                .hasStackTraceContaining("coordinator A at 127.0.0.1:1")
                .hasStackTraceContaining("check firewalls");
        assertThat(namesInTable()).containsExactly("A");
    }

    /** Its first attempt to connect outlasts the test. */
    private LeaseNode nodeThatWaitsForItsDatabase() throws Exception {
        LeaseNode node = node("A");
        node.ping().setValue("connect_timeout", 60_000L);
        node.ping().setValue("login_timeout", 60_000L);
        node.ping().setValue("lease_ttl", 200_000L);
        return node;
    }

    @Test
    void anInterruptEndsAStartOnAFrozenDatabase() throws Exception {
        LeaseNode a = nodeThatWaitsForItsDatabase();
        Freeze frozen = Freeze.of(database);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean kept = new AtomicBoolean();
        Thread connecting = new Thread(() -> {
            failure.set(catchThrowable(a::connect));
            kept.set(Thread.currentThread().isInterrupted());
        });
        try {
            connecting.start();
            await().until(() -> connectorWaitsIn("JDBC_PING_LEASE", "awaitTable"));
            connecting.interrupt();
            connecting.join();
        } finally {
            frozen.close();
        }
        assertThat(failure.get())
                .hasStackTraceContaining("EVK0122: JDBC_PING_LEASE: the join of the cluster was ended: interrupted;");
        assertThat(kept).as("the interrupt, for the caller").isTrue();
    }

    @Test
    void aStartOnAFrozenDatabaseEndsWithAClose() throws Exception {
        LeaseNode a = nodeThatWaitsForItsDatabase();
        Freeze frozen = Freeze.of(database);
        ExecutorService starter = Executors.newSingleThreadExecutor();
        try {
            Future<JChannel> connecting = starter.submit(a::connect);
            await().until(() -> connectorWaitsIn("JDBC_PING_LEASE", "awaitTable"));
            a.close();
            assertThatThrownBy(() -> connecting.get(120, SECONDS))
                    .hasStackTraceContaining("was ended: the channel is being closed");
        } finally {
            starter.shutdown();
            frozen.close();
        }
    }
}
