package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The design rules of CONTRIBUTING.md that the formatter does not see. */
class SourcesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("evenkeel.root")).normalize();
    private static final int MAX_COLUMNS = 120;
    private static final Pattern CLAUSE =
            Pattern.compile("^\\s*(/\\*\\*|\\*) (.*[.:] )?(<p>)?(What|Who|Whether|How|Whoever) .*");

    /** As .editorconfig says; the formatter breaks code, but neither comments nor texts. */
    @Test
    void linesKeepTo120Columns() throws IOException {
        assertThat(lines().filter(line -> line.text.length() > MAX_COLUMNS)).isEmpty();
    }

    @Test
    void noSentenceOfAJavadocOpensWithAClause() throws IOException {
        assertThat(lines().filter(line -> CLAUSE.matcher(line.text).matches())).isEmpty();
    }

    private record Line(Path file, int number, String text) {}

    private static Stream<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String module : List.of("certs", "protocols", "stacks", "it")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                for (Path file : files.filter(SourcesTest::isSource).toList()) {
                    List<String> texts = Files.readAllLines(file);
                    for (int i = 0; i < texts.size(); i++) {
                        lines.add(new Line(ROOT.relativize(file), i + 1, texts.get(i)));
                    }
                }
            }
        }
        assertThat(lines).isNotEmpty();
        return lines.stream();
    }

    private static boolean isSource(Path path) {
        String relative = ROOT.relativize(path).toString();
        return relative.endsWith(".java") && !relative.contains("target");
    }
}
