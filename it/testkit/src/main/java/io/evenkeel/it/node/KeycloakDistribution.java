package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An unpacked Keycloak distribution in the cache, shared by all homes and never written to. It comes through Maven, so
 * the user's settings (mirrors, proxies, the local repository) hold for it.
 */
public record KeycloakDistribution(String version, Path dir) {
    private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z.-]*");
    private static final Duration DOWNLOAD_BOUND = Duration.ofMinutes(30);
    private static final long NEEDED_MIB = 600;

    /** Returns the version; throws an IllegalArgumentException if that cannot be a version of Keycloak. */
    public static String checkVersion(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("keycloak-version=" + version + " must look like 26.7.3");
        }
        return version;
    }

    /**
     * Takes the distribution from the cache, or from Maven into the cache, complete or not at all.
     *
     * @param projectRoot the directory of the Maven wrapper
     * @throws RunException if there is no such version, no network or no room
     */
    public static KeycloakDistribution obtain(String version, Path projectRoot, Caches caches, Progress progress)
            throws InterruptedException {
        Path home = caches.keycloak(checkVersion(version));
        if (Files.isDirectory(home)) {
            return new KeycloakDistribution(version, home);
        }
        Caches.requireSpace(caches.root(), NEEDED_MIB);
        progress.step("Taking Keycloak " + version + " from Maven Central (about 160 MB, once)");
        try {
            Files.createDirectories(caches.root());
            Path work = Files.createTempDirectory(caches.root(), ".keycloak-" + version + "-");
            try {
                Path zip = download(version, projectRoot, work);
                progress.step("Unpacking Keycloak " + version);
                Trees.unzip(zip, work.resolve("unpacked"));
                publish(work.resolve("unpacked").resolve("keycloak-" + version), home);
            } finally {
                Trees.delete(work);
            }
        } catch (IOException e) {
            throw new RunException("Cannot unpack Keycloak " + version + " to " + home + ": " + e.getMessage(), e);
        }
        return new KeycloakDistribution(version, home);
    }

    private static Path download(String version, Path projectRoot, Path work) throws IOException, InterruptedException {
        Path log = work.resolve("maven.log");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        List<String> command = List.of(
                projectRoot.resolve("mvnw").toString(),
                "-B",
                "-q",
                "-N",
                "dependency:copy",
                "-Dartifact=org.keycloak:keycloak-quarkus-dist:" + version + ":zip",
                "-DoutputDirectory=" + work);
        try (ChildProcess maven = ChildProcess.start(command, projectRoot, environment, log)) {
            Optional<Integer> status = maven.waitFor(DOWNLOAD_BOUND);
            Path zip = work.resolve("keycloak-quarkus-dist-" + version + ".zip");
            if (status.equals(Optional.of(0)) && Files.exists(zip)) {
                return zip;
            }
        }
        throw downloadFailed(version, Files.readAllLines(log));
    }

    /** Maven's output, in one line. */
    static RunException downloadFailed(String version, List<String> output) {
        List<String> errors = output.stream().filter(l -> !l.isBlank()).limit(5).toList();
        if (output.stream().anyMatch(l -> l.contains("Could not find artifact"))) {
            return new RunException("There is no Keycloak " + version + " on Maven Central: check --keycloak-version.");
        }
        Optional<String> noNetwork =
                output.stream().filter(KeycloakDistribution::looksLikeNoNetwork).findFirst();
        if (noNetwork.isPresent()) {
            return new RunException(
                    "Cannot reach Maven Central for Keycloak " + version
                            + ": check the network, or the proxy and mirror in ~/.m2/settings.xml.",
                    List.of(noNetwork.get()));
        }
        return new RunException("Maven could not fetch Keycloak " + version + ".", errors);
    }

    private static boolean looksLikeNoNetwork(String line) {
        return Stream.of(
                        "Could not transfer artifact",
                        "Unknown host",
                        "UnknownHost",
                        "Connection refused",
                        "timed out",
                        "Failed to fetch")
                .anyMatch(line::contains);
    }

    /**
     * Copies the distribution with one library of another version in it, under the old one's name: other files refer to
     * it.
     *
     * @param library what the name of its jar begins with
     * @param copy where the copy is to be; must not exist
     */
    public KeycloakDistribution withLibrary(String library, Path jar, Path copy) throws IOException {
        Trees.copy(dir, copy);
        try (Stream<Path> libraries =
                Files.list(copy.resolve("lib").resolve("lib").resolve("main"))) {
            List<Path> found = libraries
                    .filter(each -> each.getFileName().toString().startsWith(library))
                    .toList();
            if (found.size() != 1) {
                throw new IllegalArgumentException("Keycloak " + version + " has " + found + " for " + library);
            }
            Files.copy(jar, found.get(0), StandardCopyOption.REPLACE_EXISTING);
        }
        return new KeycloakDistribution(version + "-" + jar.getFileName(), copy);
    }

    private static void publish(Path unpacked, Path home) throws IOException {
        try {
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another launcher was faster: its copy is as good.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    /**
     * The files of the distribution that all homes share by symbolic links. Keycloak's build does not write to them.
     */
    void linkLibraries(Path homeLib) {
        try {
            for (String shared : List.of("lib", "app")) {
                Files.createSymbolicLink(
                        homeLib.resolve(shared), dir.resolve("lib").resolve(shared));
            }
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException(homeLib + " is in use", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
