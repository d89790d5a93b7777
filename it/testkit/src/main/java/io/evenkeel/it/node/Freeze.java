package io.evenkeel.it.node;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process and all its children stopped by SIGSTOP: their sockets take connections and data, nobody answers.
 * {@link #close} lets them run again.
 */
public final class Freeze implements AutoCloseable {
    private final List<String> pids;
    private boolean over;

    private Freeze(List<String> pids) {
        this.pids = pids;
    }

    /** Freezes a server; its postmaster first, so that no backend is forked meanwhile. */
    public static Freeze of(Postgres postgres) {
        ProcessHandle root = ProcessHandle.of(postgres.pid())
                .orElseThrow(() -> new RunException("PostgreSQL is not running, so it cannot be frozen."));
        signal("-STOP", List.of(Long.toString(root.pid())));
        Freeze freeze = new Freeze(Stream.concat(Stream.of(root), root.descendants())
                .map(process -> Long.toString(process.pid()))
                .toList());
        try {
            signal("-STOP", freeze.pids);
        } catch (RunException e) {
            freeze.close();
            throw e;
        }
        return freeze;
    }

    /** Freezes one process. */
    public static Freeze of(ProcessHandle process) {
        Freeze freeze = new Freeze(List.of(Long.toString(process.pid())));
        signal("-STOP", freeze.pids);
        return freeze;
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            signal("-CONT", pids);
        }
    }

    private static void signal(String signal, List<String> pids) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        command.addAll(pids);
        Shell.run(command.toArray(String[]::new));
    }
}
