package io.evenkeel.it.cluster;

import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.ShortRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of {@code kc.sh} to its end.
 *
 * @param status its exit status
 * @param output all that it wrote
 */
record KcScript(int status, List<String> output) {
    private static final Duration BOUND = Duration.ofMinutes(10);

    /**
     * Runs it.
     *
     * @param home the home of a node
     * @param javaOptions for its JVM
     */
    static KcScript run(Path home, String javaOptions, String... arguments) throws IOException, InterruptedException {
        return run(home, javaOptions, Map.of(), arguments);
    }

    /** Runs it with more variables of the environment. */
    static KcScript run(Path home, String javaOptions, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(home, "kc", ".log");
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/kc.sh").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS_APPEND", String.join(" ", ShortRun.JVM_OPTIONS) + " " + javaOptions);
        environment.putAll(variables);
        try (ChildProcess kc = ChildProcess.start(command, home, environment, log)) {
            int status = kc.waitFor(BOUND).orElseThrow(() -> new AssertionError("kc.sh does not end: see " + log));
            return new KcScript(status, Files.readAllLines(log));
        }
    }

    /** The lines with this text. */
    List<String> lines(String text) {
        return output.stream().filter(line -> line.contains(text)).toList();
    }
}
