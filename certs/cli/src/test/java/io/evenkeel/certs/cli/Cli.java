package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands in a directory: the jar in a process of its own, as a user does, or its classes in this JVM. */
final class Cli {
    private static final Path JAR = Path.of(System.getProperty("evenkeel.certs.jar"));
    private static final long BOUND_S = 120;

    private final Path directory;

    Cli(Path directory) {
        this.directory = directory;
    }

    /** The end of a command. */
    record Result(int exitCode, String out, String err) {

        Result ok() {
            assertThat(exitCode).as(out + err).isZero();
            return this;
        }

        /** It failed with one line, without a stack trace. */
        Result failed(int code, String... words) {
            assertThat(exitCode).as(out + err).isEqualTo(code);
            assertThat(err.strip().lines()).as(err).hasSize(1);
            assertThat(err).startsWith("evenkeel-certs: ").contains(words).doesNotContain("Exception:");
            return this;
        }
    }

    /** The jar, in a process. */
    Result jar(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(javaCommand(), "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return process(command);
    }

    static String javaCommand() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static Path jarFile() {
        return JAR;
    }

    /** Any program, with what it said on both outputs. */
    Result process(List<String> command) throws IOException, InterruptedException {
        Path err = directory.resolve(".stderr");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(BOUND_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    /** True if a program can be run here. */
    static boolean isInstalled(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The same classes in this JVM, which costs no start; paths must be absolute or given by {@link #pki}. */
    static Result inJvm(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** A command on the cluster in {@code pki} of this directory, in this JVM. */
    Result run(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--dir", pki().toString()));
        all.addAll(List.of(arguments));
        return inJvm(all.toArray(String[]::new));
    }

    Path pki() {
        return directory.resolve("pki");
    }

    Path node(String name) {
        return pki().resolve("nodes").resolve(name);
    }

    Path file(String name) {
        return directory.resolve(name);
    }
}
