package io.evenkeel.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.Programs;
import io.evenkeel.it.product.Pages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands on the pages for users: each names a command and options that there are. They are asked for their help,
 * so the whole line is read and nothing else happens.
 */
class DocumentedCommandsTest {
    private static final Pattern LAUNCHER = command("\\./evenkeel(?! certs)");
    private static final Pattern JAR = command("java -jar \\S*/evenkeel-<version>\\.jar");
    private static final Pattern CERTS =
            command("(?:\\./evenkeel certs|evenkeel-certs|java -jar evenkeel-certs\\S*\\.jar)");
    /** Three dots, in the place of an option's value, too. */
    private static final Pattern ABRIDGED = Pattern.compile("(?:--\\S+ )?\\.\\.\\.|--help");

    private static final Pattern UNIT = Pattern.compile("(?s)```ini\n(\\[Unit].*?)```");

    /** Named by a unit, or implied for each service. */
    private static final List<String> TARGETS =
            List.of("sysinit.target", "basic.target", "shutdown.target", "network-online.target", "multi-user.target");

    /** At the begin of a line of a block, or of code within a sentence. */
    private static Pattern command(String program) {
        return Pattern.compile("(?m)(?:^|`)" + program + " +([^`#\n]+)");
    }

    static Set<String> ofTheLauncher() throws IOException {
        Set<String> all = onAllPages(LAUNCHER);
        // The launcher has the commands of the jar, too.
        all.addAll(onAllPages(JAR));
        return all;
    }

    static Set<String> ofCerts() throws IOException {
        return onAllPages(CERTS);
    }

    @ParameterizedTest
    @MethodSource("ofTheLauncher")
    void theLauncherKnowsEachCommandAndOption(String words) {
        assertThatCode(() -> Launcher.commandLine().parseArgs(askingForHelp(words)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("ofCerts")
    void certsKnowsEachCommandAndOption(String words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("evenkeel.certs.jar")));
        command.addAll(List.of(askingForHelp(words)));

        assertThat(output(command)).contains("Usage:");
    }

    /** In a root of its own, which has what the unit names. */
    @Test
    void systemdHasNothingToSayOfTheUnit(@TempDir Path root) throws Exception {
        assumeTrue(Programs.areInstalled("systemd-analyze"), "systemd-analyze is not installed");
        Path program = root.resolve("opt/keycloak/bin/kc.sh");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path units = root.resolve("etc/systemd/system");
        Files.createDirectories(units);
        for (String target : TARGETS) {
            Files.writeString(units.resolve(target), "[Unit]\nDescription=" + target + "\n");
        }
        String page = Files.readString(Pages.ROOT.resolve("docs/operate/install.md"));
        Files.writeString(
                units.resolve("keycloak.service"),
                UNIT.matcher(page).results().findFirst().orElseThrow().group(1));

        assertThat(output(List.of("systemd-analyze", "verify", "--man=no", "--root=" + root, "keycloak.service")))
                .isEmpty();
    }

    private static String[] askingForHelp(String words) {
        return Stream.concat(Arrays.stream(words.split(" +", -1)), Stream.of("--help"))
                .toArray(String[]::new);
    }

    private static Set<String> onAllPages(Pattern command) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path page : Pages.all()) {
            command.matcher(Files.readString(Pages.ROOT.resolve(page)))
                    .results()
                    .map(line -> ABRIDGED.matcher(line.group(1)).replaceAll("").strip())
                    .forEach(found::add);
        }
        found.removeAll(List.of("COMMAND", ""));
        return found;
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
