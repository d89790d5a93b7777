package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseAction;
import io.evenkeel.protocols.lease.LeasePlanner;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.log.DiscoveryMessages;
import org.jgroups.logging.Log;

/** Does what the planner says, and counts it. Used by the agent's thread. */
final class LeaseActionRunner {
    private final LeaseHost host;
    private final LeaseStats stats;
    private final Log log;
    private final Answers answers;

    /** Takes the answer to a probe to the planner that asked; called on any thread. */
    interface Answers {
        void take(LeasePlanner asker, LeaseRow row, ProbeVerdict verdict);
    }

    LeaseActionRunner(LeaseHost host, LeaseStats stats, Log log, Answers answers) {
        this.host = host;
        this.stats = stats;
        this.log = log;
        this.answers = answers;
    }

    /** Returns whether the table has changed, or is not what it seemed, so that it should be read again at once. */
    boolean perform(LeaseTable table, LeasePlanner planner, LeaseAction action, Snapshot snapshot)
            throws LeaseTableException {
        if (action instanceof LeaseAction.Evict evict) {
            evict(table, evict);
            return true;
        } else if (action instanceof LeaseAction.Renew renew) {
            if (table.renew(renew.row(), renew.view())) {
                stats.renewals.incrementAndGet();
                log.debug(
                        "renewed the lease of %s, which is in our view but does not beat",
                        renew.row().label());
            }
        } else if (action instanceof LeaseAction.Probe probe) {
            host.probe(probe.row(), verdict -> answers.take(planner, probe.row(), verdict));
        } else if (action instanceof LeaseAction.Merge merge) {
            stats.merges.incrementAndGet();
            host.merge(merge.coordinators(), snapshot);
        } else if (action instanceof LeaseAction.WarnUnmerged warn) {
            DiscoveryMessages.NOT_MERGING.to(log, warn.coordinator());
        }
        return false;
    }

    private void evict(LeaseTable table, LeaseAction.Evict evict) throws LeaseTableException {
        if (table.evict(evict.row())) {
            stats.evictions.incrementAndGet();
            DiscoveryMessages.EVICTED.to(log, evict.row().label(), evict.reason());
        } else {
            stats.refusedEvictions.incrementAndGet();
            log.debug(
                    "did not evict the row of %s: it has just beaten",
                    evict.row().label());
        }
    }
}
