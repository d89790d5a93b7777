package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import io.evenkeel.protocols.JDBC_PING_LEASEConfig;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.jdbc.ConnectionSuppliers;
import io.evenkeel.protocols.lease.jdbc.JdbcLeaseTableSource;
import io.evenkeel.protocols.lease.jdbc.JdbcTimeouts;
import io.evenkeel.protocols.lease.jdbc.JdbcUrl;
import io.evenkeel.protocols.property.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * Members that are rows only: each does what a member in peace does to the table, when it is due, on one of a few
 * connections.
 */
final class BeatingMembers implements AutoCloseable {
    /** The defaults of JDBC_PING_LEASE. */
    private static final LeasePolicy POLICY = new LeasePolicy(3000, 9500);

    private static final JdbcTimeouts TIMEOUTS = new JdbcTimeouts(2000, 8000, 2000, 4000);
    private static final String TABLE = JDBC_PING_LEASEConfig.DEFAULT_TABLE;
    private static final String CLUSTER = "load";
    private static final long LONGEST_US = TimeUnit.MINUTES.toMicros(10);
    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private final List<JdbcLeaseTableSource> sources = new ArrayList<>();
    private final List<LeaseTable> tables = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final DelayQueue<Beat> due = new DelayQueue<>();
    private final Histogram latencyUs = new Histogram(LONGEST_US, 3);
    private final AtomicLong statements = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    private BeatingMembers() {}

    /** A member and when its next beat is due. */
    private record Beat(LeaseRow own, long dueNs) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(getDelay(TimeUnit.NANOSECONDS) - other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** The measurements since the start or the last {@link #forget}. */
    record Figures(double medianMs, double p99Ms, long beats, long statements) {}

    /** Enters all members into an empty table; they do not beat yet. */
    static BeatingMembers enter(Database database, int count, int connections) {
        BeatingMembers members = new BeatingMembers();
        boolean done = false;
        try {
            for (int i = 0; i < connections; i++) {
                members.connect(database);
            }
            for (int i = 0; i < count; i++) {
                LeaseRow own = row(i, count);
                members.tables.get(0).enter(own);
                long spreadNs = (long) (POLICY.heartbeatIntervalMs() * 1e6 * i / count);
                members.due.add(new Beat(own, System.nanoTime() + spreadNs));
            }
            done = true;
            return members;
        } catch (LeaseTableException e) {
            throw new RunException("The lease table refused a member: " + e.getMessage(), e);
        } finally {
            if (!done) {
                members.close();
            }
        }
    }

    private void connect(Database database) throws LeaseTableException {
        JdbcLeaseTableSource source = new JdbcLeaseTableSource(
                ConnectionSuppliers.driver(
                        JdbcUrl.of(database.jdbcUrl()),
                        database.owner().user(),
                        Secret.of(database.owner().password()),
                        null,
                        getClass().getClassLoader()),
                TABLE,
                JDBC_PING_LEASEConfig.DEFAULT_STOCK_TABLE,
                true,
                TIMEOUTS);
        sources.add(source);
        tables.add(source.open());
    }

    private static LeaseRow row(int index, int count) {
        String address = String.format("00000000-0000-0000-0000-%012d", index);
        LeaseIdentity who = new LeaseIdentity(CLUSTER, address, "member-" + index, "192.0.2.1:7800", index + 1L);
        return new LeaseRow(who, index == 0, "member-0|" + count, count, 1, 0, POLICY.leaseTtlMs(), LeaseRow.FORMAT);
    }

    void start() {
        for (LeaseTable table : tables) {
            Thread thread = new Thread(() -> work(table), "beats");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work(LeaseTable table) {
        try {
            while (!stopped) {
                Beat beat = due.poll(100, TimeUnit.MILLISECONDS);
                if (beat != null) {
                    cycle(table, beat.own());
                    record(System.nanoTime() - beat.dueNs());
                    long pauseNs = POLICY.nextBeatNs(ThreadLocalRandom.current().nextDouble());
                    // From when it was due: a slow table does not make the load lighter.
                    due.add(new Beat(beat.own(), beat.dueNs() + pauseNs));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LeaseTableException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** The statements of a member in peace in each heartbeat interval. */
    private void cycle(LeaseTable table, LeaseRow own) throws LeaseTableException {
        if (!table.beat(own)) {
            throw new LeaseTableException("the row of " + own.label() + " is gone", false, null);
        }
        if (own.coordinator()) {
            table.read(CLUSTER);
        } else {
            table.readCoordinators(CLUSTER, own.address());
        }
        statements.addAndGet(2);
    }

    private void record(long latencyNs) {
        synchronized (latencyUs) {
            latencyUs.recordValue(Math.min(LONGEST_US, TimeUnit.NANOSECONDS.toMicros(latencyNs)));
        }
    }

    /** Starts the figures anew. */
    void forget() {
        synchronized (latencyUs) {
            latencyUs.reset();
            statements.set(0);
        }
    }

    Figures figures() {
        if (failure.get() != null) {
            throw new RunException(
                    "A simulated member could not beat: " + failure.get().getMessage(), failure.get());
        }
        synchronized (latencyUs) {
            return new Figures(
                    latencyUs.getValueAtPercentile(50) / 1e3,
                    latencyUs.getValueAtPercentile(99) / 1e3,
                    latencyUs.getTotalCount(),
                    statements.get());
        }
    }

    @Override
    public void close() {
        stopped = true;
        Waits.untilEvenIfInterrupted(() -> threads.stream().noneMatch(Thread::isAlive), STOP_BOUND);
        sources.forEach(JdbcLeaseTableSource::shutdown);
    }
}
