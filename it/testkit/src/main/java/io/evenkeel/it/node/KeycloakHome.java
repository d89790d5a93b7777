package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Keycloak home of its own for one node: private bin, conf, providers, themes and lib/quarkus (which Keycloak's build
 * rewrites), and links to the libraries of the distribution, so that it costs a few megabytes.
 */
public final class KeycloakHome {
    private static final Duration BUILD_BOUND = Duration.ofMinutes(10);
    private static final int BUILDS_KEPT = 8;
    private static final long NEEDED_MIB = 50;
    /** Above the ports', which are locked by their numbers. */
    private static final long FIRST_LOCK = 1 << 16;
    /** Stands in for the time of every provider jar, so that a result of the build fits each later copy of the jar. */
    private static final FileTime PROVIDER_TIME = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    private final KeycloakDistribution distribution;
    private final Path dir;

    private KeycloakHome(KeycloakDistribution distribution, Path dir) {
        this.distribution = distribution;
        this.dir = dir;
    }

    /**
     * Makes a home and runs {@code kc.sh build} in it. The build takes about 20 s; its result is kept in the cache for
     * the next home with the same distribution, JDK, build options and provider jars.
     *
     * @param dir where the home is to be; must not exist
     * @throws RunException if the build fails
     */
    public static KeycloakHome build(
            KeycloakDistribution distribution, HomeSpec spec, Path dir, Path jdkHome, Caches caches, Progress progress)
            throws InterruptedException {
        Caches.requireSpace(dir.getParent(), NEEDED_MIB);
        KeycloakHome home = new KeycloakHome(distribution, dir);
        try {
            home.lay(spec);
            String key = spec.buildKey(distribution.version(), jdkVersion(jdkHome));
            Path kept = caches.builds().resolve(key);
            // Of processes that need the same build at the same time, one makes it and the others take it.
            try (FileLock lock = ProcessLocks.in(caches).lock(FIRST_LOCK + (key.hashCode() & Integer.MAX_VALUE))) {
                assert lock.isValid();
                if (Files.isDirectory(kept)) {
                    Files.setLastModifiedTime(kept, FileTime.from(Instant.now()));
                    Trees.delete(home.quarkus());
                    Trees.copy(kept, home.quarkus());
                } else {
                    progress.step("Running Keycloak's own build (about 20 s, once for the same jar and options)");
                    home.runBuild(spec, jdkHome);
                    keep(home.quarkus(), kept);
                }
            }
        } catch (IOException e) {
            throw new RunException("Cannot make a Keycloak home in " + dir + ": " + e.getMessage(), e);
        }
        return home;
    }

    /**
     * Another built home like this one, without another build. Later changes to this one's files are copied as they
     * are.
     */
    public KeycloakHome copyTo(Path target) {
        KeycloakHome copy = new KeycloakHome(distribution, target);
        try {
            for (String part : List.of("bin", "conf", "providers", "themes")) {
                Trees.copy(dir.resolve(part), target.resolve(part));
            }
            copy.layLib();
            Trees.copy(quarkus(), copy.quarkus());
        } catch (IOException e) {
            throw new RunException("Cannot make a Keycloak home in " + target + ": " + e.getMessage(), e);
        }
        return copy;
    }

    public Path dir() {
        return dir;
    }

    public Path conf() {
        return dir.resolve("conf");
    }

    public Path providers() {
        return dir.resolve("providers");
    }

    Path script() {
        return dir.resolve("bin").resolve("kc.sh");
    }

    /**
     * Puts a command before kc.sh, such as that of a namespace or of a limit of processors: kc.sh becomes a script that
     * calls it with the real one. Once only.
     *
     * @param through words of a command that becomes the one after it
     */
    public void runThrough(List<String> through) {
        Path script = script();
        Path real = script.resolveSibling("kc-inside.sh");
        String words = Stream.concat(through.stream(), Stream.of(real.toString()))
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        try {
            Files.move(script, real);
            Files.writeString(script, "#!/bin/sh\nexec " + words + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new RunException("Cannot put a command before " + script + ": " + e.getMessage(), e);
        }
    }

    private Path quarkus() {
        return dir.resolve("lib").resolve("quarkus");
    }

    private void lay(HomeSpec spec) throws IOException {
        Files.createDirectories(dir.resolve("bin"));
        Files.copy(distribution.dir().resolve("bin/kc.sh"), script(), StandardCopyOption.COPY_ATTRIBUTES);
        for (String part : List.of("conf", "providers", "themes")) {
            Trees.copy(distribution.dir().resolve(part), dir.resolve(part));
        }
        layLib();
        Trees.copy(distribution.dir().resolve("lib/quarkus"), quarkus());
        for (Path jar : spec.providers()) {
            Path copy = providers().resolve(jar.getFileName());
            Files.copy(jar, copy);
            Files.setLastModifiedTime(copy, PROVIDER_TIME);
        }
        for (Map.Entry<String, Path> file : spec.conf().entrySet()) {
            Files.copy(file.getValue(), conf().resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void layLib() throws IOException {
        Path lib = Files.createDirectories(dir.resolve("lib"));
        distribution.linkLibraries(lib);
        Files.copy(
                distribution.dir().resolve("lib/quarkus-run.jar"),
                lib.resolve("quarkus-run.jar"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void runBuild(HomeSpec spec, Path jdkHome) throws InterruptedException {
        Path log = dir.resolve("build.log");
        KcCommand command = KcCommand.of(this, "build", spec.allBuildOptions());
        try (ChildProcess build = command.start(jdkHome, Map.of(), ShortRun.JVM_OPTIONS, log)) {
            Optional<Integer> status = build.waitFor(BUILD_BOUND);
            if (!status.equals(Optional.of(0))) {
                String outcome =
                        status.map(s -> "ended with " + s).orElse("took more than " + BUILD_BOUND.toMinutes() + " min");
                throw new RunException("kc.sh build " + outcome + ".", StartFailure.reason(new NodeLog(log).lines()));
            }
        }
    }

    private static String jdkVersion(Path jdkHome) throws IOException {
        Path release = jdkHome.resolve("release");
        return Files.exists(release) ? Files.readString(release) : jdkHome.toString();
    }

    private static void keep(Path built, Path kept) throws IOException {
        Files.createDirectories(kept.getParent());
        Path work = Files.createTempDirectory(kept.getParent(), ".build-");
        try {
            Trees.copy(built, work.resolve("quarkus"));
            if (!Files.exists(kept)) {
                Files.move(work.resolve("quarkus"), kept, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Trees.delete(work);
        }
        try (Stream<Path> builds = Files.list(kept.getParent())) {
            List<Path> newestFirst = builds.filter(
                            p -> !p.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing((Path p) -> p.toFile().lastModified())
                            .reversed())
                    .toList();
            for (Path old : newestFirst.subList(Math.min(BUILDS_KEPT, newestFirst.size()), newestFirst.size())) {
                Trees.delete(old);
            }
        }
    }
}
