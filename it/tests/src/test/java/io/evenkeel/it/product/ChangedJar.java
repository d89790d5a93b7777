package io.evenkeel.it.product;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** A copy of a jar in which some entries have another content. */
public final class ChangedJar {
    private ChangedJar() {}

    /** Gives the content of an entry in the copy. */
    @FunctionalInterface
    public interface Change {
        byte[] contentOf(String entry, byte[] original);
    }

    public static void write(Path original, Path copy, Change change) throws IOException {
        try (JarFile jar = new JarFile(original.toFile());
                OutputStream file = Files.newOutputStream(copy);
                JarOutputStream out = new JarOutputStream(file)) {
            for (ZipEntry entry : jar.stream().toList()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream content = jar.getInputStream(entry)) {
                    out.write(change.contentOf(entry.getName(), content.readAllBytes()));
                }
                out.closeEntry();
            }
        }
    }
}
