package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The request to join that may be going on, at most one at a time. Used by the agent's thread; {@link #joinReport} by
 * any.
 *
 * <p>A member founds only while its own lease is valid, counted from when its last beat was sent: others may have
 * declared it dead since.
 */
final class JoinRequest {
    private final LeasePolicy policy;
    private final LeaseStats stats;

    @SuppressWarnings("NullAway.Init")
    private LeaseIdentity me;

    private @Nullable CompletableFuture<JoinStep> ticket;
    private boolean leaseRanOut;
    private volatile List<String> joinReport = List.of();

    JoinRequest(LeasePolicy policy, LeaseStats stats) {
        this.policy = policy;
        this.stats = stats;
    }

    /** A search begins; it ends without an outcome if the request is cancelled. */
    void open(LeaseIdentity searcher, CompletableFuture<JoinStep> request) {
        me = searcher;
        ticket = request;
        joinReport = List.of("the lease table is being read");
    }

    boolean searching() {
        return ticket != null;
    }

    /** The search will never succeed. */
    void fail(Exception reason) {
        if (ticket != null) {
            ticket.completeExceptionally(reason);
            ticket = null;
        }
    }

    /**
     * Takes the step.
     *
     * @param changed whether the table has changed since the step was planned
     * @return whether the search goes on
     */
    boolean step(LeaseTable table, JoinStep step, boolean changed) throws LeaseTableException {
        if (ticket == null || ticket.isCancelled()) {
            ticket = null;
            return false;
        }
        if (step instanceof JoinStep.Wait wait) {
            joinReport = wait.joinReport();
            return true;
        }
        JoinStep outcome = step;
        if (!(step instanceof JoinStep.Join)) {
            leaseRanOut = System.nanoTime() - stats.beatSentNs >= TimeUnit.MILLISECONDS.toNanos(policy.leaseTtlMs());
            if (leaseRanOut || changed) {
                return true;
            }
            if (step instanceof JoinStep.TryToFound attempt) {
                if (!table.found(attempt.expectedEpoch(), me)) {
                    joinReport = List.of("another member has founded the cluster");
                    return true;
                }
                outcome = new JoinStep.Found(attempt.expectedEpoch() + 1);
            }
        }
        ticket.complete(outcome);
        ticket = null;
        return false;
    }

    /** True if the founding has to wait for a beat; asked once. */
    boolean leaseRanOut() {
        boolean ranOut = leaseRanOut;
        leaseRanOut = false;
        return ranOut;
    }

    /** The reasons why the search goes on. */
    List<String> joinReport() {
        return joinReport;
    }
}
