package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/reference/attributes.md is made from the annotations: {@code -Devenkeel.reference=write} writes it. */
class ReferenceTest {
    static final String COMMAND = "./mvnw -pl protocols -am test -Dtest=ReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Devenkeel.reference=write";

    @Test
    void theReferenceIsUpToDate() throws IOException {
        Path file = repository().resolve("docs/reference/attributes.md");
        String reference = new Reference(COMMAND)
                .protocol(new JDBC_PING_LEASE(), "Discovery by leases in a database table.")
                .protocol(new TCP_NETTY(), "The transport: one port, mutual TLS.")
                .protocol(new STATE_FC(), "State transfer yields to the users.")
                .protocol(
                        new STOCK_FD_SOCK2(), "FD_SOCK2 towards members on JGroups' TCP, for the time of a migration.")
                .protocol(new VIEW_ORDER_DOWN(), "Views in order for the protocols below GMS.")
                .protocol(new VIEW_ORDER_UP(), "Views in order for the protocols above GMS.")
                .text();
        if ("write".equals(System.getProperty("evenkeel.reference"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, reference);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as("docs/reference/attributes.md is stale; write it anew with: " + COMMAND)
                .isEqualTo(reference);
    }

    private static Path repository() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = at.getParent();
        }
        return at;
    }
}
