package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gets a connection within a bounded time, whatever the driver or the pool does. An attempt that hangs (a silent port,
 * a stopped database) is left on its own daemon thread; there are at most {@link #MAX_ATTEMPTS} of them, and one that
 * succeeds late serves the next caller, or is closed.
 *
 * <p>One caller at a time.
 */
final class BoundedConnector {
    static final int MAX_ATTEMPTS = 3;

    private final ConnectionSupplier supplier;
    private final long timeoutMs;
    private final long loginMs;
    private final CompletableFuture<?>[] hanging = new CompletableFuture<?>[MAX_ATTEMPTS];
    private @Nullable CompletableFuture<Connection> current;
    private long waitedMs;

    /**
     * Connects to nothing yet.
     *
     * @param timeoutMs how long a caller waits
     * @param loginMs how long callers wait for one attempt before another one is started beside it
     */
    BoundedConnector(ConnectionSupplier supplier, long timeoutMs, long loginMs) {
        this.supplier = supplier;
        this.timeoutMs = timeoutMs;
        this.loginMs = loginMs;
    }

    /** @throws SQLTimeoutException if there is none within the bound */
    Connection get() throws SQLException {
        CompletableFuture<Connection> asked = current;
        if (asked == null) {
            asked = attempt();
        } else if (!asked.isDone() && waitedMs >= loginMs) {
            asked = retire(asked);
        }
        current = asked;
        try {
            Connection connection = asked.get(timeoutMs, TimeUnit.MILLISECONDS);
            forget();
            return connection;
        } catch (TimeoutException e) {
            waitedMs += timeoutMs;
            throw new SQLTimeoutException("no connection within " + timeoutMs + " ms", "08001", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while connecting", e);
        } catch (ExecutionException e) {
            forget();
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new SQLException("cannot connect: " + e.getCause(), "08001", e.getCause());
        }
    }

    /** Closes what may still come; there are no more calls. */
    void close() {
        if (current != null) {
            closeWhenThere(current);
            forget();
        }
    }

    private void forget() {
        current = null;
        waitedMs = 0;
    }

    /** Returns a new attempt, or the same if too many hang. */
    private CompletableFuture<Connection> retire(CompletableFuture<Connection> slow) {
        for (int i = 0; i < MAX_ATTEMPTS - 1; i++) {
            if (hanging[i] == null || hanging[i].isDone()) {
                hanging[i] = slow;
                closeWhenThere(slow);
                waitedMs = 0;
                return attempt();
            }
        }
        return slow;
    }

    private CompletableFuture<Connection> attempt() {
        CompletableFuture<Connection> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(supplier.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "evenkeel-lease-connect");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static void closeWhenThere(CompletableFuture<Connection> late) {
        late.whenComplete((connection, failure) -> {
            if (connection != null) {
                JdbcSession.closeQuietly(connection);
            }
        });
    }
}
