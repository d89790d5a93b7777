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
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM that takes commands on its standard input and answers on its standard output. With a
 * {@link io.evenkeel.it.member.WorkerLoop} inside, each answer has a topic. One thread uses it.
 */
public final class ChildJvm implements AutoCloseable {
    /** Begins every answer of a worker, among all that a JVM says. */
    public static final String ANSWER = "EVENKEEL ";

    /** The topic of a command that did not work. */
    public static final String FAILED = "failed";

    private static final Path THIS_JDK = Path.of(System.getProperty("java.home"));
    private static final String THIS_CLASS_PATH = System.getProperty("java.class.path");
    private static final Duration START_BOUND = Duration.ofMinutes(10);
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);
    private static final int LAST_LINES = 15;

    private final String name;
    private final Process process;
    private final Writer commands;
    private final List<String> lines = new ArrayList<>();
    private final List<List<String>> unheard = new ArrayList<>();
    private int read;

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::collect, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a main class of this program on this JDK, with its class path and a small heap, for a short run. */
    public static ChildJvm start(String name, Class<?> main, String... arguments) {
        return start(List.of(), name, main, arguments);
    }

    /**
     * Starts it through a command that becomes it.
     *
     * @param through such as {@link NetworkNamespace#inside}; empty for nothing
     */
    public static ChildJvm start(List<String> through, String name, Class<?> main, String... arguments) {
        List<String> options = new ArrayList<>(List.of("-Djava.net.preferIPv4Stack=true", "-Xmx128m"));
        options.addAll(ShortRun.JVM_OPTIONS);
        return start(through, name, options, main, arguments);
    }

    /** Starts it with these options. */
    public static ChildJvm start(
            List<String> through, String name, List<String> options, Class<?> main, String... arguments) {
        return start(through, name, THIS_JDK, options, THIS_CLASS_PATH, main, arguments);
    }

    /** Starts it on another JDK. */
    public static ChildJvm start(String name, Path javaHome, List<String> options, Class<?> main, String... arguments) {
        return start(List.of(), name, javaHome, options, THIS_CLASS_PATH, main, arguments);
    }

    /** Starts it with another class path, such as one with another version of a jar. */
    public static ChildJvm start(
            String name, List<String> options, String classPath, Class<?> main, String... arguments) {
        return start(List.of(), name, THIS_JDK, options, classPath, main, arguments);
    }

    private static ChildJvm start(
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
        return start(name, new ProcessBuilder(command));
    }

    /** Starts a JVM by a command of its own. */
    public static ChildJvm start(String name, ProcessBuilder command) {
        try {
            return new ChildJvm(name, command.redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.command().get(0), e);
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

    public String name() {
        return name;
    }

    /** Waits until a worker is ready. */
    public ChildJvm awaitReady() throws InterruptedException {
        answer("ready", START_BOUND);
        return this;
    }

    /** Gives a worker a command and does not wait. */
    public void tell(Object... words) {
        send(Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ")));
    }

    /**
     * Waits for a worker's next answer to that topic and returns its words; answers to others are kept until they are
     * asked for.
     */
    public List<String> answer(String topic, Duration bound) throws InterruptedException {
        long endNs = System.nanoTime() + bound.toNanos();
        while (true) {
            for (List<String> words : unheard) {
                if (words.get(0).equals(topic)) {
                    unheard.remove(words);
                    return words.subList(1, words.size());
                }
            }
            Duration rest = Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
            String line = await(each -> each.startsWith(ANSWER), topic, rest);
            List<String> words = List.of(line.substring(ANSWER.length()).split(" ", -1));
            if (words.get(0).equals(FAILED)) {
                throw new RunException(name + ": " + String.join(" ", words));
            }
            unheard.add(words);
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

    /** Ends its input, and waits for its exit status; throws if it goes on for longer than that. */
    public int end(Duration bound) throws IOException, InterruptedException {
        commands.close();
        if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("did not end");
        }
        return process.exitValue();
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
