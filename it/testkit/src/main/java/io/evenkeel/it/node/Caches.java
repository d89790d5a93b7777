package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The files that outlive a run: Keycloak's distributions and tables, PostgreSQL's binaries and the results of
 * Keycloak's own build, below {@code $XDG_CACHE_HOME/evenkeel} or {@code ~/.cache/evenkeel}. Deleting it costs time
 * only.
 */
public record Caches(Path root) {
    private static final long MIB = 1024L * 1024;

    public static Caches ofUser() {
        return new Caches(rootFrom(System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    /** The XDG base directory specification: a relative path in the variable is to be ignored. */
    static Path rootFrom(Map<String, String> environment, Path userHome) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.startsWith("/") ? Path.of(xdg) : userHome.resolve(".cache");
        return base.resolve("evenkeel");
    }

    public Path postgresBinaries() {
        return root.resolve("postgres");
    }

    Path keycloak(String version) {
        return root.resolve("keycloak-" + version);
    }

    /** The files of a {@link DatabaseTemplate}. */
    Path database(String keycloakVersion) {
        return root.resolve("database-" + keycloakVersion);
    }

    Path builds() {
        return root.resolve("builds");
    }

    /** The file of {@link ProcessLocks}. */
    Path locks() {
        return root.resolve("locks");
    }

    /** Refuses to go on when the file system that holds the directory has less room than that. */
    public static void requireSpace(Path dir, long neededMiB) {
        Path existing = dir.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            long freeMiB = Files.getFileStore(existing).getUsableSpace() / MIB;
            if (freeMiB < neededMiB) {
                throw new RunException("Not enough disk space for " + dir + ": " + freeMiB + " MiB free, " + neededMiB
                        + " MiB needed.");
            }
        } catch (IOException e) {
            throw new RunException("Cannot read the free space of " + existing + ": " + e.getMessage(), e);
        }
    }
}
