package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.ShortRun;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.JChannel;

/** A {@link StockMember} in a JVM of its own, with a JGroups of its own and nothing of this pack. */
final class StockJvm implements AutoCloseable {
    private static final long LEAVE_BOUND_S = 120;

    /** JGroups' words on a message that it cannot read, such as one with a header of a class that it lacks. */
    static final Pattern UNREADABLE = Pattern.compile("JGRP000030|magic number|ClassNotFound");

    private final Process process;
    private final Path output;

    private StockJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** The JGroups that this pack is built for. */
    static Path ownJGroups() {
        return location(JChannel.class);
    }

    /** Another version, which the build has put beside the classes. */
    static Path jgroups(String version) {
        Path own = ownJGroups();
        return own.getFileName().toString().contains(version)
                ? own
                : Path.of(System.getProperty("evenkeel.other.jgroups"), "jgroups-" + version + ".jar");
    }

    static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts one.
     *
     * @param libraries with JGroups first
     * @param arguments of {@link StockMember}
     */
    static StockJvm start(List<Path> libraries, String... arguments) throws IOException {
        String classPath = Stream.concat(libraries.stream(), Stream.of(location(StockMember.class)))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command =
                new ArrayList<>(List.of(OtherJvm.java().toString(), "-Djava.net.preferIPv4Stack=true", "-Xmx128m"));
        command.addAll(ShortRun.JVM_OPTIONS);
        command.addAll(List.of("-cp", classPath, StockMember.class.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("evenkeel-stock-jvm", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new StockJvm(process, output);
    }

    /** All that it has printed so far. */
    List<String> lines() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitView(int size) {
        org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(lines())
                .as("%s", lines())
                .filteredOn(line -> line.startsWith("VIEW "))
                .last()
                .isEqualTo("VIEW " + size));
    }

    /** It read everything that was sent to it. */
    void assertNothingUnreadable() {
        assertThat(lines()).noneMatch(line -> UNREADABLE.matcher(line).find());
    }

    /** It leaves its cluster, and its process ends. */
    void leave() throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(LEAVE_BOUND_S, TimeUnit.SECONDS))
                .as("%s", lines())
                .isTrue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(output);
    }
}
