package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.Snapshot;
import java.util.List;
import java.util.function.Consumer;

/** The surroundings of the agent. Called on the agent's thread; nothing here may block. */
public interface LeaseHost {

    /** A new snapshot was read. */
    void seen(Snapshot snapshot);

    /** True if {@link #probe} works at all. Asked once. */
    boolean canProbe();

    /** Asks the row's physical address who lives there; the answer may come on any thread, within a bounded time. */
    void probe(LeaseRow row, Consumer<ProbeVerdict> answer);

    /** Starts a merge with other coordinators of this cluster. */
    void merge(List<LeaseRow> coordinators, Snapshot snapshot);
}
