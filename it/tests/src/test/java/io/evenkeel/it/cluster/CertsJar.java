package io.evenkeel.it.cluster;

import io.evenkeel.it.node.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of {@code evenkeel-certs} to its end.
 *
 * @param status its exit status
 * @param output all that it wrote
 */
record CertsJar(int status, List<String> output) {
    /** {@code rotate-ca} waits for a node. */
    static final int WAITING = 4;

    private static final Duration BOUND = Duration.ofMinutes(2);

    /** Runs it, as an operator does, on the cluster in {@code pki} of a directory. */
    static CertsJar run(Path directory, String... arguments) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "certs", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("evenkeel.certs.jar")));
        command.addAll(List.of(arguments));
        try (ChildProcess jar = ChildProcess.start(command, directory, Map.of(), log)) {
            int status = jar.waitFor(BOUND).orElseThrow(() -> new AssertionError("it does not end: see " + log));
            return new CertsJar(status, Files.readAllLines(log));
        }
    }
}
