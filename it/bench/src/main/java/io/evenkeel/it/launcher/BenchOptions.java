package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Named;
import io.evenkeel.it.bench.Report;
import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that all benchmarks share. */
final class BenchOptions {
    static final int MAX_ROUNDS = 1000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each case is measured, 1 to " + MAX_ROUNDS + ".")
    private Integer rounds;

    @Option(names = "--quick", description = "Few rounds: ends within 5 minutes on 2 cores.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the table's rows to FILE as JSON.")
    private Path json;

    @Option(
            names = "--keycloak-version",
            paramLabel = "VERSION",
            defaultValue = "26.7.3",
            description = "Keycloak's version (default: ${DEFAULT-VALUE}).")
    private String keycloakVersion;

    String keycloakVersion() {
        return keycloakVersion;
    }

    boolean quick() {
        return quick;
    }

    int rounds(CommandSpec spec, int usual, int few) {
        if (rounds != null && (rounds < 1 || rounds > MAX_ROUNDS)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rounds=" + rounds + " must be from 1 to " + MAX_ROUNDS);
        }
        if (rounds != null) {
            return rounds;
        }
        return quick ? few : usual;
    }

    /** Before the measurement, not after it: the file can be written. */
    void checkJson(CommandSpec spec) {
        checkFile(spec, "--json", json);
    }

    /** Refuses a file that cannot be written; null is no file. */
    static void checkFile(CommandSpec spec, String option, Path file) {
        if (file == null) {
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (!Files.isWritable(parent) || Files.isDirectory(file) || (Files.exists(file) && !Files.isWritable(file))) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + "=" + file + " must be a file in an existing, writable directory");
        }
    }

    /** The choices that an option names, each once, in their own order; others if it names none. */
    static <N extends Named> List<N> named(
            CommandSpec spec, String option, List<N> choices, List<String> names, List<N> otherwise) {
        Set<N> chosen =
                names.stream().map(name -> named(spec, option, choices, name)).collect(Collectors.toSet());
        return chosen.isEmpty()
                ? otherwise
                : choices.stream().filter(chosen::contains).toList();
    }

    /** The choice that an option names. */
    static <N extends Named> N named(CommandSpec spec, String option, List<N> choices, String name) {
        try {
            return Named.of(choices, option, name);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    void publish(Report table, PrintWriter out) {
        out.println();
        table.lines().forEach(out::println);
        out.println();
        out.flush();
        write(table);
    }

    /** Writes the JSON if it was asked for; may be called again with more rows. */
    void write(Report table) {
        if (json == null) {
            return;
        }
        try {
            Files.writeString(json, table.json());
        } catch (IOException e) {
            throw new RunException("Cannot write " + json + ": " + e.getMessage(), e);
        }
    }
}
