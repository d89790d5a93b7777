package io.evenkeel.it.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A JVM that takes commands on its standard input and answers on its standard output. One thread uses it. */
public final class JavaProcess implements AutoCloseable {
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);
    private static final int LAST_LINES = 15;

    private final String name;
    private final Process process;
    private final Writer commands;
    private final List<String> lines = new ArrayList<>();
    private int read;

    private JavaProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::collect, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a main class of this program with its class path. */
    public static JavaProcess start(
            String name, Path javaHome, List<String> options, Class<?> main, String... arguments) {
        return start(List.of(), name, javaHome, options, main, arguments);
    }

    /** Starts it through a command that becomes it, such as {@link NetworkNamespace#inside}. */
    public static JavaProcess start(
            List<String> through,
            String name,
            Path javaHome,
            List<String> options,
            Class<?> main,
            String... arguments) {
        return start(through, name, javaHome, options, System.getProperty("java.class.path"), main, arguments);
    }

    /** Starts it with another class path, such as one with another version of a jar. */
    public static JavaProcess start(
            List<String> through,
            String name,
            Path javaHome,
            List<String> options,
            String classPath,
            Class<?> main,
            String... arguments) {
        List<String> command = new ArrayList<>(through);
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new JavaProcess(
                    name, new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.get(0), e);
        }
    }

    private void collect() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("its output ended: " + e.getMessage());
            }
        }
    }

    /** Sends a line. */
    public void send(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw failure("does not take commands any more");
        }
    }

    /** Waits for the next line of that kind, and passes over all lines before it. */
    public String await(Predicate<String> wanted, String what, Duration bound) throws InterruptedException {
        String[] found = {null};
        Waits.until(
                () -> {
                    found[0] = next(wanted).orElse(null);
                    return found[0] != null || !process.isAlive();
                },
                bound);
        if (found[0] == null) {
            throw failure("did not say: " + what);
        }
        return found[0];
    }

    private Optional<String> next(Predicate<String> wanted) {
        synchronized (lines) {
            while (read < lines.size()) {
                String line = lines.get(read++);
                if (wanted.test(line)) {
                    return Optional.of(line);
                }
            }
            return Optional.empty();
        }
    }

    /** All lines of that kind that it has said so far, whether they were waited for or not. */
    public List<String> said(Predicate<String> wanted) {
        synchronized (lines) {
            return lines.stream().filter(wanted).toList();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() {
        process.destroyForcibly();
        Waits.untilEvenIfInterrupted(() -> !process.isAlive(), STOP_BOUND);
    }

    private RunException failure(String what) {
        synchronized (lines) {
            return new RunException(
                    name + (process.isAlive() ? " " : " has ended and ") + what,
                    List.copyOf(lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
        }
    }

    /** Ends its input, which is its sign to stop; kills it if it does not. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // It has ended already.
            process.destroyForcibly();
        }
        boolean ended = Waits.untilEvenIfInterrupted(() -> !process.isAlive(), STOP_BOUND);
        if (!ended) {
            kill();
        }
    }
}
