package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.LabCase;
import java.util.List;

/** The cases of the benchmark of the transport. */
public final class TransportCases {
    /** In the order in which they run. */
    public static final List<LabCase<TransportLab>> ALL = List.of(
            new LabCase<>("uperf", "requests between 2 nodes, JGroups' UPerf", UPerfCase::new),
            new LabCase<>("mperf", "multicasts between 8 nodes, JGroups' MPerf", MPerfCase::new),
            new LabCase<>(
                    "isolation-stopped",
                    "round trips among three nodes while the fourth is stopped (SIGSTOP)",
                    lab -> new IsolationCase(lab, Trouble.STOPPED)),
            new LabCase<>(
                    "isolation-blackholed",
                    "round trips among three nodes while the fourth's address is silent",
                    lab -> new IsolationCase(lab, Trouble.BLACKHOLED)),
            new LabCase<>(
                    "isolation-slow",
                    "round trips among three nodes while the fourth takes state at 1 MB/s",
                    lab -> new IsolationCase(lab, Trouble.SLOW)),
            new LabCase<>("storm", "50 peers connect at once to a node that was restarted", StormCase::new),
            new LabCase<>("kill", "requests of an Infinispan grid of three while one node is killed", KillCase::new),
            new LabCase<>("reload", "certificates renewed under load", ReloadCase::new));

    private TransportCases() {}
}
