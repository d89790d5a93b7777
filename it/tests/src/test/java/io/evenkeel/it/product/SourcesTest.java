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
    private static final Pattern OPENING = Pattern.compile("\\s*(/\\*\\*|\\*) (Why|When|Where|Which|Whose|Whom)\\b");
    private static final Pattern PERSON = Pattern.compile("(?i)\\b(somebody|whoever)\\b");

    /** As .editorconfig says; the formatter breaks code, but neither comments nor texts. */
    @Test
    void linesKeepTo120Columns() throws IOException {
        assertThat(lines().filter(line -> line.text.length() > MAX_COLUMNS)).isEmpty();
    }

    @Test
    void noSentenceOfAJavadocOpensWithAClause() throws IOException {
        assertThat(lines().filter(line -> CLAUSE.matcher(line.text).matches())).isEmpty();
    }

    /** Of the product: the first sentence says what a thing is or does. */
    @Test
    void noJavadocOpensWithASubordinateClause() throws IOException {
        assertThat(ofProduct()
                        .filter(line ->
                                line.opensJavadoc && OPENING.matcher(line.text).lookingAt()))
                .isEmpty();
    }

    /** Members, peers and processes are machines. */
    @Test
    void noMachineIsSomebody() throws IOException {
        assertThat(ofProduct().filter(line -> PERSON.matcher(line.text).find())).isEmpty();
    }

    private record Line(Path file, int number, String text, boolean opensJavadoc) {}

    private static Stream<Line> ofProduct() throws IOException {
        return lines().filter(line -> line.file.toString().contains("src/main/") && !line.file.startsWith("it"));
    }

    private static Stream<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String module : List.of("certs", "protocols", "stacks", "it")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                for (Path file : files.filter(SourcesTest::isSource).toList()) {
                    List<String> texts = Files.readAllLines(file);
                    for (int i = 0; i < texts.size(); i++) {
                        boolean opens = texts.get(i).contains("/** ")
                                || (i > 0 && texts.get(i - 1).strip().equals("/**"));
                        lines.add(new Line(ROOT.relativize(file), i + 1, texts.get(i), opens));
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
