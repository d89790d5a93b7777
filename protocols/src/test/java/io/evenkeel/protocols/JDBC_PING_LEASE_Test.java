package io.evenkeel.protocols;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.jdbc.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real channels on TCP and a real PostgreSQL: the ordinary life of a cluster. */
@Timeout(120)
class JDBC_PING_LEASE_Test {
    @TempDir
    static Path directory;

    private static Postgres database;
    private final List<LeaseNode> nodes = new ArrayList<>();

    @BeforeAll
    static void startDatabase() {
        database = new Postgres(directory);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    @BeforeEach
    void emptyTable() throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS evenkeel_lease");
        }
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(LeaseNode::close);
    }

    private LeaseNode node(String name) throws Exception {
        LeaseNode node = new LeaseNode(name, database);
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
            connect.get(60, SECONDS);
        }
        pool.shutdown();
        return started;
    }

    private void awaitOneView(List<LeaseNode> members) {
        await().atMost(60, SECONDS).untilAsserted(() -> assertThat(members)
                .allSatisfy(n -> assertThat(n.view()).hasSize(members.size())));
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
        assertThat(members.get(0).ping().getFounderEpoch()).isEqualTo(1);
        assertThat(namesInTable()).hasSize(count);
        assertThat(members).allSatisfy(n -> assertThat(n.ping().health()).isEqualTo(new LeaseHealth.Healthy()));
    }

    @Test
    void aLeaveDeletesTheRow() throws Exception {
        LeaseNode a = node("A");
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
}
