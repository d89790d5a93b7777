package io.evenkeel.it.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the system that a test or benchmark can do without. */
public final class Programs {
    private Programs() {}

    /** True if all of them are on the PATH. */
    public static boolean areInstalled(String... programs) {
        return Stream.of(programs).allMatch(Programs::isOnPath);
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }
}
