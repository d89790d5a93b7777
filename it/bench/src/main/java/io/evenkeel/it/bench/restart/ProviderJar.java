package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Makes a provider for Keycloak of the compiled classes of the package {@code provider}, none of which can be loaded
 * here. Equal classes give an equal jar, so that the result of Keycloak's own build is found in the cache.
 */
public final class ProviderJar {
    private static final FileTime TIME = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final String FACTORY = "SessionsResourceFactory";
    private static final String PACKAGE = ProviderJar.class.getPackageName() + ".provider";
    private static final String DIR = PACKAGE.replace('.', '/');
    private static final String SERVICE =
            "META-INF/services/org.keycloak.services.resource.RealmResourceProviderFactory";
    private static final String CHUNK_SIZE_FACTORY = "ChunkSizeFactory";
    private static final String CACHES_SERVICE =
            "META-INF/services/org.keycloak.spi.infinispan.CacheEmbeddedConfigProviderFactory";
    /** Quarkus looks for endpoints in archives that have one. */
    private static final String BEANS = "META-INF/beans.xml";

    private ProviderJar() {}

    /** Writes the jar that creates and counts sessions into the directory, which must exist. */
    public static Path writeTo(Path dir) {
        return write(dir.resolve("evenkeel-bench-provider.jar"), Map.of(SERVICE, FACTORY));
    }

    /** Writes the same with an option for stock's {@code chunk-size}; see the provider's class ChunkSizeFactory. */
    public static Path writeWithChunkSizeTo(Path dir) {
        return write(
                dir.resolve("evenkeel-bench-stock-provider.jar"),
                Map.of(SERVICE, FACTORY, CACHES_SERVICE, CHUNK_SIZE_FACTORY));
    }

    private static Path write(Path jar, Map<String, String> factoryByService) {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, String> service : new TreeMap<>(factoryByService).entrySet()) {
                put(
                        out,
                        service.getKey(),
                        (PACKAGE + "." + service.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            put(out, BEANS, new byte[0]);
            for (Map.Entry<String, byte[]> type : classes().entrySet()) {
                put(out, DIR + "/" + type.getKey(), type.getValue());
            }
            return jar;
        } catch (IOException e) {
            throw new RunException("Cannot write " + jar + ": " + e.getMessage(), e);
        }
    }

    /** The classes by their file names. This class lies in a directory for the launcher, and in a jar for tests. */
    private static Map<String, byte[]> classes() throws IOException {
        Path source;
        try {
            source = Path.of(ProviderJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (Files.isDirectory(source)) {
            return classesIn(source.resolve(DIR));
        }
        try (FileSystem jar = FileSystems.newFileSystem(source)) {
            return classesIn(jar.getPath(DIR));
        }
    }

    private static Map<String, byte[]> classesIn(Path dir) throws IOException {
        Map<String, byte[]> byName = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*.class")) {
            for (Path file : files) {
                byName.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return byName;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setLastModifiedTime(TIME);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
