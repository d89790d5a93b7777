package io.evenkeel.protocols;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A {@link LeaseNodeMain} that has joined. */
final class KillableNode implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    KillableNode(String name, String url) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.net.preferIPv4Stack=true",
                        "-Xmx128m",
                        "-cp",
                        classPath,
                        LeaseNodeMain.class.getName(),
                        name,
                        url)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        do {
            line = out.readLine();
        } while (line != null && !line.startsWith("joined"));
        if (line == null) {
            throw new IllegalStateException(name + " ended before it joined");
        }
    }

    /** SIGKILL, and waits until it is gone. */
    void kill() throws Exception {
        process.destroyForcibly();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the process survived");
        }
    }

    /** SIGSTOP. */
    void stop() throws Exception {
        signal("-STOP");
    }

    /** SIGCONT. */
    void resume() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
        if (!kill.waitFor(120, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IllegalStateException("kill " + signal + " failed");
        }
    }

    /** The member's next report of its readiness: the time, its view's members, and its health. Waits for it. */
    String nextHealth() throws Exception {
        String line;
        do {
            line = out.readLine();
        } while (line != null && !line.startsWith("health "));
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
