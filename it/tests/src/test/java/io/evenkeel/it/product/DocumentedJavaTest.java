package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;

/** The Java on docs/operate/tls.md; that of without-keycloak.md is run by a test of the stacks. */
class DocumentedJavaTest {

    @Test
    void theTransportsSettersAreThere() throws Exception {
        List<CodeBlock> java = CodeBlock.of(Path.of("docs/operate/tls.md")).stream()
                .filter(block -> block.language().equals("java"))
                .toList();
        assertThat(java).hasSize(1);
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            shell.eval("import io.evenkeel.protocols.TCP_NETTY;");
            shell.eval("String password = \"a\", otherPassword = \"b\";");

            List<SnippetEvent> events = shell.eval(java.get(0).text());

            assertThat(events).singleElement().satisfies(event -> {
                assertThat(event.status())
                        .as(() -> shell.diagnostics(event.snippet()).toList().toString())
                        .isEqualTo(Snippet.Status.VALID);
                assertThat(event.exception()).isNull();
                assertThat(event.value()).contains("TCP_NETTY");
            });
        }
    }
}
