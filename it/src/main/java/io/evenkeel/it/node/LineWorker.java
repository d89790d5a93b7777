package io.evenkeel.it.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child JVM with the class path of this one, that is told what to do line by line and answers so. It has to end with its standard input,
 * so that it ends with its parent too. What it writes to standard error goes to a file.
 */
public final class LineWorker implements AutoCloseable {
    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private final Process process;
    private final Writer commands;

    private LineWorker(Process process) {
        this.process = process;
        commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts one.
     *
     * @param main its main class
     * @param environment what it gets beside this process' environment: secrets go there, since everybody can read a command line
     * @param heap for -Xmx
     * @param log where standard error is appended
     * @param answers called for each line of standard output, on a thread of its own
     */
    public static LineWorker start(
            Launch launch,
            Class<?> main,
            Map<String, String> environment,
            String heap,
            Path log,
            Consumer<String> answers) {
        List<String> command = new ArrayList<>(launch.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + heap, "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(launch.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            LineWorker worker = new LineWorker(builder.start());
            Thread reader = new Thread(() -> worker.read(answers), "answers-of-" + main.getSimpleName());
            reader.setDaemon(true);
            reader.start();
            return worker;
        } catch (IOException e) {
            throw new RunException("Cannot start a JVM for " + main.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /**
     * How it is started.
     *
     * @param prefix what stands before {@code java}, such as the way into a namespace
     * @param arguments of its main method
     */
    public record Launch(List<String> prefix, List<String> arguments) {}

    private void read(Consumer<String> answers) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(answers);
        } catch (IOException | UncheckedIOException e) {
            // The stream is closed when the worker is killed; isAlive tells.
        }
    }

    /** Sends a line. */
    public void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new RunException(
                    "A worker has died" + (process.isAlive() ? "" : " with status " + process.exitValue()), e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Ends its input and waits; kills it when it does not end. Not cut short by an interrupt. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // It has ended already.
        }
        Waits.untilEvenIfInterrupted(() -> !process.isAlive(), STOP_BOUND);
        process.destroyForcibly();
        process.onExit().orTimeout(STOP_BOUND.toSeconds(), TimeUnit.SECONDS).join();
    }
}
