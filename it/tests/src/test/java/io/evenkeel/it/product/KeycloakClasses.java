package io.evenkeel.it.product;

import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.KeycloakDistribution;
import io.evenkeel.it.node.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The names of all classes in the jars of Keycloak's distribution. */
final class KeycloakClasses {

    private KeycloakClasses() {}

    static Set<String> all() throws IOException, InterruptedException {
        KeycloakDistribution distribution = KeycloakDistribution.obtain(
                System.getProperty("keycloak.version"),
                Path.of(System.getProperty("evenkeel.root")),
                Caches.ofUser(),
                Progress.SILENT);
        try (Stream<Path> files = Files.walk(distribution.dir().resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .flatMap(jar -> classesIn(jar).stream())
                    .collect(Collectors.toSet());
        }
    }

    private static List<String> classesIn(Path jar) {
        try (JarFile open = new JarFile(jar.toFile())) {
            return open.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}
