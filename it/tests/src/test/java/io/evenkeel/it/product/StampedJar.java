package io.evenkeel.it.product;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** THE jar with another version in it, where the build writes it. */
public final class StampedJar {
    /** The other version. */
    public static final String LATER = "99.0.0";

    private static final String STAMP = "io/evenkeel/protocols/version/pack.properties";

    private StampedJar() {}

    /** Writes one into the directory. */
    public static Path later(Path product, Path directory) throws IOException {
        Path later = directory.resolve("evenkeel-" + LATER + ".jar");
        try (JarFile jar = new JarFile(product.toFile());
                OutputStream file = Files.newOutputStream(later);
                JarOutputStream copy = new JarOutputStream(file)) {
            for (ZipEntry entry : jar.stream().toList()) {
                copy.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals(STAMP)) {
                    copy.write(("version=" + LATER + "\ncommit=later\n").getBytes(StandardCharsets.ISO_8859_1));
                } else {
                    try (InputStream content = jar.getInputStream(entry)) {
                        content.transferTo(copy);
                    }
                }
                copy.closeEntry();
            }
        }
        return later;
    }
}
