package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Chore;
import io.evenkeel.protocols.lease.LeaseKeeper;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.log.DiscoveryMessages;
import org.jgroups.logging.Log;

/** Does what the keeper says, and counts it. Used by the agent's thread. */
final class ChoreRunner {
    private final LeaseHost host;
    private final LeaseStats stats;
    private final Log log;
    private final Answers answers;

    /** Takes the answer to a probe to the keeper that asked; called on any thread. */
    interface Answers {
        void take(LeaseKeeper asker, LeaseRow row, ProbeVerdict verdict);
    }

    ChoreRunner(LeaseHost host, LeaseStats stats, Log log, Answers answers) {
        this.host = host;
        this.stats = stats;
        this.log = log;
        this.answers = answers;
    }

    /** Returns whether the table has changed, or is not what it seemed, so that it should be read again at once. */
    boolean perform(LeaseTable table, LeaseKeeper keeper, Chore chore, Snapshot snapshot) throws LeaseTableException {
        if (chore instanceof Chore.Evict evict) {
            evict(table, evict);
            return true;
        } else if (chore instanceof Chore.Renew renew) {
            if (table.renew(renew.row(), renew.view())) {
                stats.renewals.incrementAndGet();
                log.debug(
                        "renewed the lease of %s, which is in our view but does not beat",
                        renew.row().label());
            }
        } else if (chore instanceof Chore.Probe probe) {
            host.probe(probe.row(), verdict -> answers.take(keeper, probe.row(), verdict));
        } else if (chore instanceof Chore.Merge merge) {
            stats.merges.incrementAndGet();
            host.merge(merge.rivals(), snapshot);
        } else if (chore instanceof Chore.WarnUnmerged warn) {
            DiscoveryMessages.NOT_MERGING.to(log, warn.coordinator());
        }
        return false;
    }

    private void evict(LeaseTable table, Chore.Evict evict) throws LeaseTableException {
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
