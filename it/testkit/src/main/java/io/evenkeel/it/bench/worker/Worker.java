package io.evenkeel.it.bench.worker;

import io.evenkeel.it.node.JavaProcess;
import io.evenkeel.it.node.RunException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A JVM with a {@link WorkerLoop} inside, as its owner sees it. One thread uses it. */
public final class Worker implements AutoCloseable {
    private static final Duration START_BOUND = Duration.ofMinutes(2);

    private final String name;
    private final JavaProcess process;
    private final List<List<String>> unheard = new ArrayList<>();

    private Worker(String name, JavaProcess process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts one and does not wait for it.
     *
     * @param through what is put before the command, such as a network namespace; empty for nothing
     */
    public static Worker start(
            String name, List<String> through, List<String> options, Class<?> main, String... arguments) {
        Path javaHome = Path.of(System.getProperty("java.home"));
        return new Worker(name, JavaProcess.start(through, name, javaHome, options, main, arguments));
    }

    public String name() {
        return name;
    }

    public Worker awaitReady() throws InterruptedException {
        answer("ready", START_BOUND);
        return this;
    }

    /** Gives a command and does not wait. */
    public void tell(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        process.send(line.toString());
    }

    /**
     * Waits for the next answer to that topic and returns its words; answers to others are kept until they are asked
     * for.
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
            String line = process.await(each -> each.startsWith(WorkerLoop.MARK), topic, rest);
            List<String> words =
                    List.of(line.substring(WorkerLoop.MARK.length()).split(" ", -1));
            if (words.get(0).equals(WorkerLoop.FAILED)) {
                throw new RunException(name + ": " + String.join(" ", words));
            }
            unheard.add(words);
        }
    }

    public ProcessHandle handle() {
        return process.handle();
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
