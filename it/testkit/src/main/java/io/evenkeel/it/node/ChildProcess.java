package io.evenkeel.it.node;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A child process together with all that it started. Ctrl-C in the terminal does not reach it (SIGINT is ignored, which
 * shells and HotSpot pass on), so that its owner decides when and in which order things stop. Its output goes to a
 * file.
 *
 * <p>Used by one thread; the way down ({@link #stop}, {@link #kill}) is not cut short by an interrupt.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration KILL_BOUND = Duration.ofSeconds(10);
    private static final List<String> IGNORE_SIGINT = List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh");

    private final Process process;
    /** The processes that it had started when it was told to stop: later its children may be nobody's. */
    private List<ProcessHandle> treeAtStop = List.of();

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a command.
     *
     * @param environment the whole environment of the child
     * @param log where its output is appended
     */
    public static ChildProcess start(List<String> command, Path workDir, Map<String, String> environment, Path log) {
        List<String> wrapped = new ArrayList<>(IGNORE_SIGINT);
        wrapped.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(wrapped)
                .directory(workDir.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new ChildProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.get(0), e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end and returns the exit status; empty when the bound is over first. */
    public Optional<Integer> waitFor(Duration bound) throws InterruptedException {
        boolean ended = process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        return ended ? Optional.of(process.exitValue()) : Optional.empty();
    }

    /**
     * The process id of the java that a script (kc.sh) started, or of this process if it is java itself; empty when
     * there is none.
     */
    public Optional<Long> javaPid() {
        return tree().stream()
                .filter(p -> p.info().command().map(c -> c.endsWith("/java")).orElse(false))
                .map(ProcessHandle::pid)
                .findFirst();
    }

    /** Sends SIGTERM and does not wait. */
    public void requestStop() {
        treeAtStop = tree();
        // Not process.destroy(), which also closes the streams of the process.
        process.toHandle().destroy();
    }

    /** SIGTERM, then SIGKILL when the bound is over. Returns whether SIGTERM was enough. */
    public boolean stop(Duration bound) {
        requestStop();
        return finishStop(bound);
    }

    /**
     * Waits for the end after {@link #requestStop}, and kills when the bound is over. Returns whether SIGTERM was
     * enough.
     */
    public boolean finishStop(Duration bound) {
        boolean graceful = Waits.untilEvenIfInterrupted(() -> !anyAlive(treeAtStop), bound);
        kill();
        return graceful;
    }

    /** SIGKILL for the process and all that it started. */
    public void kill() {
        List<ProcessHandle> tree =
                Stream.concat(tree().stream(), treeAtStop.stream()).toList();
        process.destroyForcibly();
        tree.forEach(ProcessHandle::destroyForcibly);
        // A script that was killed between fork and exec leaves a java that is nobody's child any more.
        List<ProcessHandle> orphans = orphans();
        orphans.forEach(ProcessHandle::destroyForcibly);
        // The process object hears of the end a moment after the system.
        Waits.untilEvenIfInterrupted(() -> !process.isAlive() && !anyAlive(tree) && !anyAlive(orphans), KILL_BOUND);
    }

    @Override
    public void close() {
        kill();
    }

    private List<ProcessHandle> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    private List<ProcessHandle> orphans() {
        String mark = "-Dkc.script.pid=" + process.pid();
        return ProcessHandle.allProcesses()
                .filter(p ->
                        p.info().arguments().stream().flatMap(Arrays::stream).anyMatch(mark::equals))
                .toList();
    }

    private static boolean anyAlive(List<ProcessHandle> processes) {
        return processes.stream().anyMatch(ProcessHandle::isAlive);
    }
}
