package io.evenkeel.protocols.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.lease.FounderEpoch;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.StockCluster;
import io.evenkeel.protocols.lease.StockRow;
import io.evenkeel.protocols.transport.LineLog;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;

/** The watch by a clock that the test holds, over a table whose rows it writes. */
class StockWatchTest {
    private static final LeaseIdentity ME = new LeaseIdentity("keel", "me", "kc-9", "10.0.0.9:7800", 1);
    private final Protocol logging = LineLog.recording(JDBC_PING_LEASE::new);
    private final LeaseStats stats = new LeaseStats();
    private final List<StockRow> rows = new ArrayList<>();
    private final Map<String, LeaseRow> leases = new HashMap<>();
    private LeaseTableException failure;
    private int reads;
    private StockWatch watch = watch(StockCluster.REFUSE);

    private StockWatch watch(StockCluster policy) {
        StockWatch made = new StockWatch(policy, stats, logging.getLog());
        made.connect(ME);
        return made;
    }

    private final LeaseTable table = (LeaseTable) Proxy.newProxyInstance(
            StockWatchTest.class.getClassLoader(), new Class<?>[] {LeaseTable.class}, (proxy, method, arguments) -> {
                assertThat(arguments).containsExactly("keel");
                if (method.getName().equals("read")) {
                    return new Snapshot(FounderEpoch.NONE, leases, 0, 0, true);
                }
                assertThat(method.getName()).isEqualTo("readStock");
                reads++;
                if (failure != null) {
                    throw failure;
                }
                return List.copyOf(rows);
            });

    private static StockRow row(String name, long ageMs, String content) {
        return new StockRow(name, name, "10.0.0.1:7800", ageMs, content);
    }

    /** A member of both kinds of cluster has a row in both tables. */
    @Test
    void whoHasALeaseIsNoSecondCluster() {
        rows.add(row("kc-1", 5000, "x"));
        LeaseIdentity both = new LeaseIdentity("keel", "both", "kc-1", "10.0.0.1:7800", 2);
        leases.put("both", new LeaseRow(both, false, "v|1", 2, 1, 0, 15_000, LeaseRow.FORMAT));
        runTo(0, 0);
        assertThat(watch.members()).isEmpty();
        assertThat(watch.health()).isEmpty();
        assertThat(lines("WARN")).isEmpty();
        leases.clear();
        runTo(10, 10);
        assertThat(watch.members()).hasSize(1);
    }

    @Test
    void whoeverJoinsThemIsReadyAndWarnsOfNothing() {
        watch = watch(StockCluster.JOIN);
        rows.add(row("kc-1", 5000, "x"));
        runTo(0, 70);
        assertThat(watch.members()).isEmpty();
        assertThat(watch.health()).isEmpty();
        assertThat(lines("WARN")).isEmpty();
        assertThat(watch.nextReadNs()).isEqualTo(TimeUnit.SECONDS.toNanos(80));
    }

    private void runTo(long fromS, long toS) {
        for (long s = fromS; s <= toS; s++) {
            watch.run(table, TimeUnit.SECONDS.toNanos(s));
        }
    }

    private List<String> lines(String level) {
        return LineLog.of(logging).stream().filter(l -> l.startsWith(level)).toList();
    }

    @Test
    void runningMembersMakeUsNotReadyAndAreNamedEachMinute() {
        rows.add(row("kc-1", 5000, "x"));
        rows.add(row("(starting)", 1000, "x"));
        runTo(0, 0);
        assertThat(watch.members()).hasSize(2);
        assertThat(watch.health()).hasValueSatisfying(health -> assertThat(((LeaseHealth.Unhealthy) health).reason())
                .contains("kc-1 at 10.0.0.1:7800", "jdbc-ping", "keel"));
        assertThat(lines("WARN"))
                .singleElement()
                .asString()
                .contains("kc-1 at 10.0.0.1:7800", "(starting)", "stop them", "not ready", "stock_cluster=warn");
        runTo(1, 59);
        assertThat(lines("WARN")).hasSize(1);
        runTo(60, 60);
        assertThat(lines("WARN")).hasSize(2);
    }

    @Test
    void whatIsLeftOfAStoppedClusterIsForgotten() {
        rows.add(row("kc-1", 5000, "x"));
        runTo(0, 70);
        assertThat(watch.health()).isPresent();
        runTo(71, 80);
        assertThat(watch.health()).isEmpty();
        assertThat(watch.members()).isEmpty();
        assertThat(lines("INFO")).singleElement().asString().contains("any more");
        runTo(81, 400);
        assertThat(lines("WARN")).hasSize(2);
    }

    @Test
    void anOldRowIsNotMentioned() {
        rows.add(row("kc-1", 100_000, "x"));
        runTo(0, 200);
        assertThat(watch.health()).isEmpty();
        assertThat(LineLog.of(logging)).isEmpty();
    }

    @Test
    void aUserMayWantTwoClusters() {
        watch = watch(StockCluster.WARN);
        rows.add(row("kc-1", 5000, "x"));
        runTo(0, 0);
        assertThat(watch.health()).isEmpty();
        assertThat(watch.members()).hasSize(1);
        assertThat(lines("WARN")).singleElement().asString().contains("kc-1", "ready all the same");
    }

    @Test
    void aFailedReadChangesNoVerdict() {
        rows.add(row("kc-1", 5000, "x"));
        runTo(0, 0);
        failure = new LeaseTableException("too slow", false, null);
        runTo(1, 300);
        assertThat(watch.health()).isPresent();
        assertThat(stats.databaseErrors()).isEqualTo(30);
        assertThat(lines("WARN")).hasSize(1);
        failure = null;
        runTo(301, 309);
        assertThat(watch.health()).isPresent();
        rows.clear();
        runTo(310, 320);
        assertThat(watch.health()).isEmpty();
    }

    @Test
    void aTableThatMayNotBeReadIsSaidOnceWithTheRemedy() {
        failure = new LeaseTableException("table X cannot be read; GRANT SELECT", true, null);
        runTo(0, 100);
        assertThat(lines("INFO")).singleElement().asString().contains("GRANT SELECT", "would not be noticed");
        assertThat(lines("WARN")).isEmpty();
        assertThat(watch.health()).isEmpty();
    }

    @Test
    void theTableIsReadEveryTenSeconds() {
        runTo(0, 9);
        assertThat(reads).isEqualTo(1);
        runTo(10, 10);
        assertThat(reads).isEqualTo(2);
        assertThat(watch.nextReadNs()).isEqualTo(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void aLargeClusterIsCutShort() {
        IntStream.range(0, 200).forEach(i -> rows.add(row("kc-" + i, 0, "x")));
        runTo(0, 0);
        assertThat(lines("WARN")).singleElement().asString().contains("its members (200)", "kc-9 at", ", ...");
        assertThat(lines("WARN").get(0)).doesNotContain("kc-10 at");
    }
}
