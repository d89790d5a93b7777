package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One call of kc.sh in a home, with an environment that the user's own Keycloak and Java variables do not leak into.
 */
record KcCommand(KeycloakHome home, List<String> command) {
    private static final List<String> FOREIGN_PREFIXES =
            List.of("KC_", "KCRAW_", "KEYCLOAK_", "QUARKUS_", "JAVA_OPTS", "JAVA_ADD_OPENS", "JAVA_LOCALE", "DEBUG");
    private static final List<String> FOREIGN = List.of("JAVA", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "PRINT_ENV");

    static KcCommand of(KeycloakHome home, String verb, List<String> options) {
        List<String> command = new ArrayList<>(List.of(home.script().toString(), verb));
        command.addAll(options);
        return new KcCommand(home, command);
    }

    ChildProcess start(Path jdkHome, Map<String, String> environment, List<String> jvmOptions, Path log) {
        Path tmp = home.dir().resolve("tmp");
        try {
            Files.createDirectories(tmp);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> all = withoutForeign(System.getenv());
        all.put("JAVA_HOME", jdkHome.toString());
        // Unpacked natives and Vert.x's cache go where they are deleted with the home, even after a kill.
        Stream<String> own = Stream.of("-Djava.io.tmpdir=" + tmp, "-XX:-UsePerfData");
        all.put(
                "JAVA_OPTS_APPEND",
                String.join(" ", Stream.concat(own, jvmOptions.stream()).toList()));
        all.putAll(environment);
        return ChildProcess.start(command, home.dir(), all, log);
    }

    static Map<String, String> withoutForeign(Map<String, String> environment) {
        Map<String, String> kept = new HashMap<>(environment);
        kept.keySet()
                .removeIf(name ->
                        FOREIGN.contains(name) || FOREIGN_PREFIXES.stream().anyMatch(name::startsWith));
        return kept;
    }
}
