package io.evenkeel.protocols.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * {@link StrangersMain} in a process of its own, so that what it costs is not taken for the cost of what it does to
 * members. With {@code -Devenkeel.strangers.cpu=N} it runs on that processor only, by taskset(1).
 */
public final class Strangers implements AutoCloseable {
    private static final String CPU = System.getProperty("evenkeel.strangers.cpu");

    private final Process process;
    private final BufferedReader out;

    /**
     * Begins at once.
     *
     * @param hosts addresses that they come from
     * @param wanted connections that are kept open or being opened
     * @param dripping whether the bytes are said one by one
     */
    public Strangers(InetSocketAddress target, int hosts, int wanted, byte[] said, boolean dripping)
            throws IOException {
        List<String> command = new ArrayList<>(CPU == null ? List.of() : List.of("taskset", "-c", CPU));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.net.preferIPv4Stack=true",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                StrangersMain.class.getName(),
                target.getAddress().getHostAddress(),
                String.valueOf(target.getPort()),
                String.valueOf(hosts),
                String.valueOf(wanted),
                HexFormat.of().formatHex(said),
                String.valueOf(dripping)));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The number opened by now. */
    public long opened() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the strangers' process has ended");
        }
        return Long.parseLong(line);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
