package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.Config;

class ExtendedJdbcPingTest {
    private static final String STACKS =
            """
            <stack name="mine" extends="jdbc-ping"><STATE_FC/></stack>
            <stack name="over-mine" extends="mine"><FD_ALL3 timeout="12000"/></stack>
            <stack name="over-udp" extends="jdbc-ping-udp"><STATE_FC/></stack>
            <stack name="over-tcp" extends="tcp"><STATE_FC/></stack>""";

    @TempDir
    private Path files;

    @Test
    void isFoundWhereTheFileSelectsIt() throws Exception {
        assertThat(ExtendedJdbcPing.selectedBy(config(null, "mine")))
                .hasValue(new ExtendedJdbcPing("mine", "jdbc-ping"));
    }

    @Test
    void isFoundThroughOthersAndWhereTheOptionSelectsIt() throws Exception {
        assertThat(ExtendedJdbcPing.selectedBy(config("over-mine", "over-tcp")))
                .hasValue(new ExtendedJdbcPing("over-mine", "jdbc-ping"));
        assertThat(ExtendedJdbcPing.selectedBy(config("over-udp", "mine")))
                .hasValue(new ExtendedJdbcPing("over-udp", "jdbc-ping-udp"));
    }

    @Test
    void keycloaksOwnStackAndThoseThatDoNotExtendItAreLeftToKeycloak() throws Exception {
        assertThat(ExtendedJdbcPing.selectedBy(config("jdbc-ping", "mine"))).isEmpty();
        assertThat(ExtendedJdbcPing.selectedBy(config(null, "over-tcp"))).isEmpty();
        assertThat(ExtendedJdbcPing.selectedBy(config("evenkeel-jdbc", "mine"))).isEmpty();
        assertThat(ExtendedJdbcPing.selectedBy(scope(Map.of("configFile", "missing.xml"))))
                .isEmpty();
    }

    @Test
    void keycloakIsToldThatItsOwnStackIsSelectedAndNothingElse() throws Exception {
        Config.Scope config = config("mine", "over-tcp");
        Config.Scope told = new ExtendedJdbcPing("mine", "jdbc-ping").whereTheBaseIsSelected(config);

        assertThat(told.get("stack")).isEqualTo("jdbc-ping");
        assertThat(told.get("configFile")).isEqualTo(config.get("configFile"));
        assertThat(told.get("nodeName")).isNull();
    }

    private Config.Scope config(String option, String stackOfTheFile) throws IOException {
        Path file = Files.writeString(
                files.resolve("cache.xml"),
                """
                <infinispan xmlns="urn:infinispan:config:16.0"><jgroups>%s</jgroups>
                  <cache-container name="keycloak"><transport stack="%s"/></cache-container>
                </infinispan>"""
                        .formatted(STACKS, stackOfTheFile));
        Map<String, String> options = new HashMap<>(Map.of("configFile", file.toString()));
        if (option != null) {
            options.put("stack", option);
        }
        return scope(options);
    }

    private static Config.Scope scope(Map<String, String> options) {
        return (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("get");
                    return options.get((String) arguments[0]);
                });
    }
}
