package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.Measurement;

/** The cases, in the order in which they run. */
public enum TransportCase implements Measurement.Case {
    UPERF("uperf", "requests between 2 nodes, JGroups' UPerf"),
    MPERF("mperf", "multicasts between 8 nodes, JGroups' MPerf"),
    STOPPED("isolation-stopped", "round trips among three nodes while the fourth is stopped (SIGSTOP)"),
    BLACKHOLED("isolation-blackholed", "round trips among three nodes while the fourth's address is silent"),
    SLOW("isolation-slow", "round trips among three nodes while the fourth takes state at 1 MB/s"),
    STORM("storm", "50 peers connect at once to a node that was restarted"),
    KILL("kill", "requests of an Infinispan grid of three while one node is killed"),
    RELOAD("reload", "certificates renewed under load");

    private final String label;
    private final String description;

    TransportCase(String label, String description) {
        this.label = label;
        this.description = description;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String description() {
        return description;
    }

    Measurement in(TransportLab lab) {
        return switch (this) {
            case UPERF -> new UPerfCase(lab);
            case MPERF -> new MPerfCase(lab);
            case STOPPED -> new IsolationCase(lab, Trouble.STOPPED);
            case BLACKHOLED -> new IsolationCase(lab, Trouble.BLACKHOLED);
            case SLOW -> new IsolationCase(lab, Trouble.SLOW);
            case STORM -> new StormCase(lab);
            case KILL -> new KillCase(lab);
            case RELOAD -> new ReloadCase(lab);
        };
    }
}
