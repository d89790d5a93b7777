package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** The pages for users: README.md and its neighbours, and docs/. */
class DocsTest {
    private static final Path ROOT = Pages.ROOT;
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final int MAX_COLUMNS = 120;
    private static final Pattern PROMISE = Pattern.compile("\\| [A-Z]\\d+ \\|");
    private static final Pattern TEST = Pattern.compile("\\w+Test\\b");
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();

    static List<Path> pages() throws IOException {
        return Pages.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFilesAndHeadings(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String destination : links(parse(page))) {
            URI uri = URI.create(destination);
            if (uri.getScheme() != null) {
                continue;
            }
            Path target = uri.getPath().isEmpty()
                    ? page
                    : ROOT.relativize(
                            ROOT.resolve(page).resolveSibling(uri.getPath()).normalize());
            boolean found = Files.exists(ROOT.resolve(target))
                    && (uri.getFragment() == null || anchors(parse(target)).contains(uri.getFragment()));
            if (!found) {
                broken.add(destination);
            }
        }
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void blocksOfCodeAreWellFormed(Path page) throws IOException {
        for (CodeBlock block : CodeBlock.of(page)) {
            assertThatCode(() -> read(block.language(), block.text()))
                    .as(block.text())
                    .doesNotThrowAnyException();
        }
    }

    /** As .editorconfig says; a table's row and a command cannot be broken. */
    @ParameterizedTest
    @MethodSource("pages")
    void proseKeepsTo120Columns(Path page) throws IOException {
        List<String> tooLong = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(ROOT.resolve(page))) {
            code ^= line.stripLeading().startsWith("```");
            if (!code && !line.startsWith("|") && line.length() > MAX_COLUMNS) {
                tooLong.add(line);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void eachPromiseNamesTestsThatExist() throws IOException {
        Set<String> tests = new HashSet<>();
        for (String module :
                List.of("certs", "certs/cli", "it/testkit", "protocols", "stacks", "it/bench", "it/tests")) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                sources.map(path -> path.getFileName().toString())
                        .filter(name -> name.endsWith("Test.java"))
                        .forEach(name -> tests.add(name.substring(0, name.length() - ".java".length())));
            }
        }
        List<String> rows = Files.readAllLines(ROOT.resolve("docs/internals/promises.md")).stream()
                .filter(line -> PROMISE.matcher(line).lookingAt())
                .toList();
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            String cell = row.substring(row.lastIndexOf('|', row.length() - 2));
            List<String> named =
                    TEST.matcher(cell).results().map(MatchResult::group).toList();
            assertThat(named).isNotEmpty();
            assertThat(tests).containsAll(named);
        });
    }

    private static void read(String language, String text) throws Exception {
        switch (language) {
            case "yaml" -> {
                YAMLFactory factory = new YAMLFactory();
                try (var documents =
                        new ObjectMapper(factory).readerFor(Object.class).readValues(factory.createParser(text))) {
                    documents.readAll();
                }
            }
            case "json" -> new ObjectMapper().readTree(text);
            case "xml" -> xml().parse(new InputSource(new StringReader(text)));
            default -> {
                // Commands and output: the tests of what they describe run them.
            }
        }
    }

    private static DocumentBuilder xml() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new Throwing());
        return builder;
    }

    /** The JDK's own handler prints as well. */
    private static final class Throwing implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) throws SAXParseException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXParseException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXParseException {
            throw e;
        }
    }

    private static Node parse(Path page) throws IOException {
        return PARSER.parse(Files.readString(ROOT.resolve(page)));
    }

    private static List<String> links(Node page) {
        List<String> links = new ArrayList<>();
        page.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                links.add(image.getDestination());
            }
        });
        return links;
    }

    /** Of all headings, as GitHub makes them. */
    private static Set<String> anchors(Node page) {
        IdGenerator generator = IdGenerator.builder().build();
        Set<String> anchors = new HashSet<>();
        page.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                anchors.add(generator.generateId(text(heading)));
            }
        });
        return anchors;
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }
}
