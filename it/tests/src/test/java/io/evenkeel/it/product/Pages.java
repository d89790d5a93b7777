package io.evenkeel.it.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pages for users: README.md and its neighbours, and docs/. */
public final class Pages {
    /** The top of the source tree. */
    public static final Path ROOT = Path.of(System.getProperty("evenkeel.root")).normalize();

    private Pages() {}

    /** Their paths below {@link #ROOT}. */
    public static List<Path> all() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .map(ROOT::relativize)
                    .sorted()
                    .toList();
        }
    }
}
