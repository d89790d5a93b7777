package io.evenkeel.protocols;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.evenkeel.it.node.ShortRun;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes in a JVM of their own, for what can be chosen at the start of a JVM only. */
final class OtherJvm {
    /** The property of a JVM in which a call that blocks an event loop fails the run. */
    static final String BLOCKING_IS_A_FAILURE = "evenkeel.blockhound";

    private OtherJvm() {}

    /** The java of the JVM that runs this. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Runs them all; fails if one fails, or if none runs.
     *
     * @param options of the JVM
     * @return all that was printed
     */
    static String run(Path java, List<String> options, Class<?>... tests) throws Exception {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx512m"));
        command.addAll(ShortRun.JVM_OPTIONS);
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OtherJvm.class.getName()));
        Stream.of(tests).map(Class::getName).forEach(command::add);
        Path output = Files.createTempFile("evenkeel-other-jvm", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int exitCode = process.waitFor();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            Assertions.assertThat(exitCode)
                    .as(said.substring(Math.max(0, said.length() - 20_000)))
                    .isZero();
            return said;
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(output);
        }
    }

    public static void main(String[] classes) throws ClassNotFoundException {
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (String each : classes) {
            selectors.add(selectClass(Class.forName(each)));
        }
        if (Boolean.getBoolean(BLOCKING_IS_A_FAILURE)) {
            BlockingCalls.watch();
        }
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectors)
                                .build(),
                        summary);
        summary.getSummary().printTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        summary.getSummary().printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 30);
        BlockingCalls.print();
        boolean good = summary.getSummary().getTotalFailureCount() == 0
                && summary.getSummary().getTestsSucceededCount() > 0
                && BlockingCalls.found() == 0;
        System.exit(good ? 0 : 1);
    }
}
