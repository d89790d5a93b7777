package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import java.util.List;
import java.util.stream.Stream;

/** The cases, in the order in which they run. */
public enum TransportCase {
    UPERF("uperf", "requests between 2 nodes, JGroups' UPerf"),
    MPERF("mperf", "multicasts between 8 nodes, JGroups' MPerf"),
    STOPPED("isolation-stopped", "round trips among three nodes while the fourth is stopped (SIGSTOP)"),
    BLACKHOLED("isolation-blackholed", "round trips among three nodes while the fourth's address is silent"),
    SLOW("isolation-slow", "round trips among three nodes while the fourth takes state at 1 MB/s"),
    STORM("storm", "50 peers connect at once to a node that was restarted"),
    KILL("kill", "requests of an Infinispan grid of three while one node is killed"),
    RELOAD("reload", "certificates renewed under load");

    /** One measurement. */
    interface Measurement {
        /**
         * Measures every round on all its variants, interleaved.
         *
         * @throws InterruptedException if the run is to end
         */
        List<BenchResult> measure() throws InterruptedException;
    }

    private final String label;
    private final String description;

    TransportCase(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** The name for the command line. */
    public String label() {
        return label;
    }

    public String description() {
        return description;
    }

    /**
     * The case of that name.
     *
     * @throws IllegalArgumentException that lists the names
     */
    public static TransportCase of(String label) {
        return Stream.of(values())
                .filter(c -> c.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--case=" + label + " must be one of "
                        + String.join(
                                ", ",
                                Stream.of(values()).map(TransportCase::label).toList())));
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
