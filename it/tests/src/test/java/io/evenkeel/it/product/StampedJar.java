package io.evenkeel.it.product;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** THE jar with another version in it, where the build writes it. */
public final class StampedJar {
    /** The other version. */
    public static final String LATER = "99.0.0";

    private static final String STAMP = "io/evenkeel/protocols/version/pack.properties";
    private static final byte[] LATER_STAMP =
            ("version=" + LATER + "\ncommit=later\n").getBytes(StandardCharsets.ISO_8859_1);

    private StampedJar() {}

    /** Writes one into the directory. */
    public static Path later(Path product, Path directory) throws IOException {
        Path later = directory.resolve("evenkeel-" + LATER + ".jar");
        ChangedJar.write(product, later, (entry, original) -> entry.equals(STAMP) ? LATER_STAMP : original);
        return later;
    }
}
