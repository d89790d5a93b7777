package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * Short commands of the system, such as kill and ip. Not cut short by an interrupt, so that it serves on the way down.
 */
final class Shell {
    private Shell() {}

    /**
     * Runs a command to its end.
     *
     * @return its output
     * @throws RunException if it cannot be run or fails, with what it said
     */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            CompletableFuture<Process> end = process.onExit();
            int status = end.join().exitValue();
            if (status != 0) {
                throw new RunException(String.join(" ", command) + " failed (" + status + "): " + output);
            }
            return output;
        } catch (IOException e) {
            throw new RunException("Cannot run " + command[0] + ": " + e.getMessage(), e);
        }
    }
}
