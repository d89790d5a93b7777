package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.ProcessCpu;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A thousand simulated members of one cluster beat through the real lease table, over a few connections. There is no
 * stock peer.
 */
final class LoadCase implements Measurement {
    static final int MEMBERS = 1000;
    /** A real member has a connection of its own; a thousand servers for them would measure the memory. */
    static final int CONNECTIONS = 40;

    private static final Duration WARM_UP = Duration.ofSeconds(6);

    private final Lab lab;

    LoadCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        lab.reset();
        Database database = lab.sandbox().postgres().createDatabase("load");
        long pid = lab.sandbox().postgres().pid();
        try (BeatingMembers members = BeatingMembers.enter(database, MEMBERS, CONNECTIONS)) {
            lab.progress().step(MEMBERS + " members beat");
            members.start();
            Waits.until(() -> false, WARM_UP);
            members.forget();
            long startNs = System.nanoTime();
            double startCpuS = ProcessCpu.secondsOf(pid);
            Waits.until(() -> false, lab.scale().load());
            BeatingMembers.Figures figures = members.figures();
            double cpuS = ProcessCpu.secondsOf(pid) - startCpuS;
            double seconds = (System.nanoTime() - startNs) / 1e9;
            return rows(figures, cpuS / seconds, seconds);
        }
    }

    private static List<BenchResult> rows(BeatingMembers.Figures figures, double cores, double seconds) {
        String what = String.format(Locale.ROOT, "%,d simulated members beating: ", MEMBERS);
        String how = String.format(
                Locale.ROOT,
                "%d connections shared by all, %.0f s, %.0f beats/s; a beat counts from when it was due to its answer",
                CONNECTIONS,
                seconds,
                figures.beats() / seconds);
        return List.of(
                BenchResult.alone(what + "beat, median", "ms", Goal.none(), figures.medianMs())
                        .withNote(how),
                BenchResult.alone(what + "beat, p99", "ms", Goal.none(), figures.p99Ms()),
                BenchResult.alone(what + "statements", "1/s", Goal.none(), figures.statements() / seconds),
                BenchResult.alone(what + "PostgreSQL's CPU", "% of a core", Goal.none(), 100 * cores));
    }
}
