package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.Config;

class PackCompatibilityMetadataTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"evenkeel-jdbc, true", "evenkeel-migrate, true", "jdbc-ping, false", ", false"})
    void aStackOfThePackIsKnownByItsName(String stack, boolean used) {
        assertThat(isUsed(stack == null ? Map.of() : Map.of("stack", stack))).isEqualTo(used);
    }

    /** Such as those of docs/operate/one-protocol-at-a-time.md, in which the pack's name does not stand. */
    @ParameterizedTest
    @CsvSource({
        "<STATE_FC/>, true",
        "'<TCP_NETTY stack.combine=\"REPLACE\" stack.position=\"TCP\"/>', true",
        "'<JDBC_PING_LEASE stack.combine=\"REPLACE\" stack.position=\"MPING\"/>', true",
        "<io.evenkeel.protocols.STATE_FC/>, true",
        "'<FD_SOCK2 stack.combine=\"REMOVE\"/>', false"
    })
    void aProtocolInTheUsersFileIsKnownByEitherOfItsNames(String protocol, boolean used) throws IOException {
        Path file = directory.resolve("mine.xml");
        Files.writeString(file, "<stack name=\"mine\" extends=\"jdbc-ping\">" + protocol + "</stack>");

        assertThat(isUsed(Map.of("configFile", file.toString()))).isEqualTo(used);
    }

    @Test
    void aFileThatIsMissingIsKeycloaksToName() {
        assertThat(isUsed(Map.of("configFile", directory.resolve("none.xml").toString())))
                .isFalse();
    }

    private static boolean isUsed(Map<String, String> options) {
        return PackCompatibilityMetadata.isUsed((Config.Scope) Proxy.newProxyInstance(
                PackCompatibilityMetadataTest.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, args) -> options.get(String.valueOf(args[0]))));
    }
}
