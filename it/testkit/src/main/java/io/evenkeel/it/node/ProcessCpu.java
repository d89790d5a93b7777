package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The CPU time that a server and its children have used, from /proc (proc(5)). Linux only. */
public final class ProcessCpu {
    /** Fields after the command's name, which may hold blanks, counted from the state as 0. */
    private static final int UTIME = 11;

    private static final int STIME = 12;
    private static final int CUTIME = 13;
    private static final int CSTIME = 14;

    private ProcessCpu() {}

    /**
     * User and system time of the process, its running children, and its children that have ended and were waited for.
     */
    public static double secondsOf(long pid) {
        ProcessHandle root = ProcessHandle.of(pid).orElseThrow(() -> new RunException("No process " + pid + "."));
        long ticks = ticks(pid, UTIME, STIME, CUTIME, CSTIME)
                + root.descendants()
                        .mapToLong(child -> ticks(child.pid(), UTIME, STIME))
                        .sum();
        return ticks / Double.parseDouble(Shell.run("getconf", "CLK_TCK"));
    }

    private static long ticks(long pid, int... fields) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Arrays.stream(fields)
                    .mapToLong(f -> Long.parseLong(values[f]))
                    .sum();
        } catch (NoSuchFileException e) {
            // It ended meanwhile; its parent has its time then.
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
