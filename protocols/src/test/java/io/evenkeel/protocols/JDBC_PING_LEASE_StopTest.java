package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.protocols.lease.LeaseHealth;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jgroups.protocols.FD_ALL3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that was stopped (SIGSTOP) for longer than a lease, and goes on with the view it had. */
class JDBC_PING_LEASE_StopTest {
    @TempDir
    static Path directory;

    /** The reports of its readiness so far: the number of its view's members, the coordinator, and its health. */
    private static List<String> health(ChildJvm node) {
        return node.said(line -> line.startsWith("health "));
    }

    /** Asks as often as it can, as no balancer does. */
    private static void watch(LeaseNode node, AtomicBoolean on, List<LeaseHealth> unhealthy) {
        Thread watcher = new Thread(
                () -> {
                    while (on.get()) {
                        LeaseHealth health = node.ping().health();
                        if (!(health instanceof LeaseHealth.Healthy)) {
                            unhealthy.add(health);
                        }
                        // Leaves the members what there is of a processor.
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                },
                "health-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    @Test
    void theMajorityIsReadyAllTheTimeAndTheStoppedCoordinatorOnlyOnceItHasRejoined() throws Exception {
        List<LeaseHealth> unhealthy = new CopyOnWriteArrayList<>();
        AtomicBoolean watching = new AtomicBoolean(true);
        try (Postgres database = Postgres.trusting(directory);
                ChildJvm stopped = LeaseNodeMain.join("K", database);
                LeaseNode b = new LeaseNode("B", database.dataSource(), new ProbingTcp());
                LeaseNode c = new LeaseNode("C", database.dataSource(), new ProbingTcp())) {
            for (LeaseNode stays : List.of(b, c)) {
                // Only the process that is stopped may miss a beat or a heartbeat.
                FD_ALL3 detection =
                        stays.withPatientLease().ping().getProtocolStack().findProtocol(FD_ALL3.class);
                detection.setTimeout(10_000).setInterval(2_000);
                stays.connect();
            }
            await().until(() -> b.view().size() == 3 && c.view().size() == 3);
            await().until(() -> last(health(stopped)).startsWith("health 3 K Healthy"));
            long evictions = b.ping().getEvictions() + c.ping().getEvictions();
            Freeze frozen = Freeze.of(stopped.handle());
            await().until(() -> b.view().size() == 2 && c.view().size() == 2);
            // The present coordinator evicts the row, once it has run out.
            await().until(() -> b.ping().getEvictions() + c.ping().getEvictions() > evictions);
            watch(b, watching, unhealthy);
            watch(c, watching, unhealthy);
            int before = health(stopped).size();
            frozen.close();
            await().until(() -> b.view().size() == 3 && c.view().size() == 3);
            await().until(() -> last(health(stopped)).matches("health 3 \\S+ Healthy.*"));
            watching.set(false);
            assertThat(unhealthy).isEmpty();
            // Without the line under way when the process was stopped, which may have been written before.
            List<String> after = health(stopped).stream().skip(before + 1L).toList();
            assertThat(after).anySatisfy(line -> assertThat(line).contains("Unhealthy"));
            // It had the view of three when it was stopped, so what counts is that it is unhealthy before it is
            // healthy.
            int healthyFrom = firstHealthy(after);
            assertThat(after.subList(0, healthyFrom))
                    .allSatisfy(line -> assertThat(line).contains("Unhealthy"));
            assertThat(after.subList(healthyFrom, after.size()))
                    .allSatisfy(line -> assertThat(line).matches("health 3 \\S+ Healthy.*"));
        }
    }

    private static int firstHealthy(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(" Healthy")) {
                return i;
            }
        }
        return lines.size();
    }

    private static String last(List<String> lines) {
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
}
