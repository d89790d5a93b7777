package io.evenkeel.it.member;

import io.evenkeel.it.node.ChildJvm;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The inside of a worker, which is a {@link ChildJvm} from without: commands come on standard input, a line of words
 * each; answers go to standard output. Its input ends with its parent, and the worker with its input.
 */
public final class WorkerLoop {
    /** The work of a command; runs on a thread of its own, so that the next command need not wait. */
    @FunctionalInterface
    public interface Command {
        void run(List<String> arguments) throws Exception;
    }

    private final Map<String, Command> commands;

    public WorkerLoop(Map<String, Command> commands) {
        this.commands = Map.copyOf(commands);
    }

    /** Says that it is ready, serves until its input ends, and ends the JVM, whatever the commands left behind. */
    public void serve() throws Exception {
        answer("ready");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<String> words = List.of(line.trim().split(" ", -1));
            Thread thread = new Thread(() -> run(words), words.get(0));
            thread.setDaemon(true);
            thread.start();
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(List<String> words) {
        try {
            Command command = commands.get(words.get(0));
            if (command == null) {
                throw new IllegalArgumentException("no such command: " + words.get(0));
            }
            command.run(words.subList(1, words.size()));
        } catch (Exception e) {
            answer(ChildJvm.FAILED, e);
        }
    }

    /** Answers with a topic and what is to be said of it. Any thread. */
    public static void answer(String topic, Object... words) {
        StringBuilder line = new StringBuilder(ChildJvm.ANSWER).append(topic);
        for (Object word : words) {
            line.append(' ').append(word);
        }
        System.out.println(line);
    }
}
