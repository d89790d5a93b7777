package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/settings.md is made from the code: {@code -Devenkeel.reference=write} writes it. */
class SettingsPageTest {
    private static final String COMMAND = "./mvnw -pl stacks -am test -Dtest=SettingsPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Devenkeel.reference=write";
    private static final List<String> MODULES = List.of("certs", "protocols", "stacks");
    private static final Pattern NAME = Pattern.compile("\"(evenkeel\\.[a-z_-]+)\"");

    @Test
    void thePageIsUpToDate() throws IOException {
        Path file = repository().resolve("docs/reference/settings.md");
        String page = SettingsPage.text(COMMAND);
        if ("write".equals(System.getProperty("evenkeel.reference"))) {
            Files.writeString(file, page);
        }
        assertThat(Files.readString(file))
                .as("docs/reference/settings.md is stale; write it anew with: " + COMMAND)
                .isEqualTo(page);
    }

    @Test
    void everyPropertyThatTheSourcesNameIsOnIt() {
        Set<String> named = new TreeSet<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(repository().resolve(module).resolve("src/main"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .flatMap(file -> NAME.matcher(read(file)).results())
                        .map((MatchResult name) -> name.group(1))
                        .forEach(named::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        assertThat(named).contains("evenkeel.restart-grace").allSatisfy(name -> assertThat(SettingsPage.text(COMMAND))
                .contains("`" + name + "`"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path repository() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = at.getParent();
        }
        return at;
    }
}
