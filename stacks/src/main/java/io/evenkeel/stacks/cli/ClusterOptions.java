package io.evenkeel.stacks.cli;

import io.evenkeel.protocols.JDBC_PING_LEASEConfig;
import io.evenkeel.stacks.cli.facts.FactCollector;
import io.evenkeel.stacks.cli.facts.MetricsReader;
import io.evenkeel.stacks.cli.settings.DatabaseSettings;
import io.evenkeel.stacks.cli.settings.KeycloakSettings;
import io.evenkeel.stacks.cli.settings.ManagementEndpoint;
import io.evenkeel.stacks.cli.settings.TlsSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which commands find a cluster: Keycloak's own, and a few more. */
final class ClusterOptions {
    /** The exit code of a command that could not do its work: wrong options, no libraries. */
    static final int UNKNOWN = 3;

    private static final int MAX_TIMEOUT_MS = 60_000;

    /** Set once, before commands run. */
    private static volatile Optional<Path> foundHome = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = Main.HOME_OPTION,
            paramLabel = "DIR",
            description = "Keycloak's directory, whose conf/keycloak.conf is read. Default: KC_HOME, or the"
                    + " directory in whose providers this jar lies.")
    private @Nullable Path home;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description =
                    "The cluster's name. Default: the only one in the table, or " + FactCollector.DEFAULT_CLUSTER + ".")
    private @Nullable String cluster;

    @Option(
            names = "--table",
            paramLabel = "NAME",
            defaultValue = JDBC_PING_LEASEConfig.DEFAULT_TABLE,
            description = "The lease table (default: ${DEFAULT-VALUE}).")
    private String table;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            defaultValue = "3000",
            description = "How long to wait for a member's answer (default: ${DEFAULT-VALUE}).")
    private int timeoutMs;

    /** Lets commands with these options take Keycloak's, too. */
    static CommandLine allowKeycloakOptions(CommandLine command) {
        return command.setUnmatchedArgumentsAllowed(true);
    }

    /** Keycloak's directory, unless an option names one. */
    static void foundHome(Path directory) {
        foundHome = Optional.of(directory);
    }

    /** Keycloak's options. */
    KeycloakSettings settings() {
        try {
            return KeycloakSettings.read(
                    spec.commandLine().getUnmatchedArguments(),
                    System.getenv(),
                    Optional.ofNullable(home).or(() -> foundHome));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks where these options say. */
    FactCollector collector() {
        if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout=" + timeoutMs + " must be from 1 to " + MAX_TIMEOUT_MS);
        }
        try {
            KeycloakSettings settings = settings();
            return new FactCollector(
                    DatabaseSettings.of(settings),
                    TlsSource.of(settings),
                    table,
                    Optional.ofNullable(cluster),
                    timeoutMs,
                    InstantSource.system());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Reads /metrics where these options say. */
    MetricsReader metrics(List<URI> urls) {
        try {
            return new MetricsReader(urls, ManagementEndpoint.of(settings()), Duration.ofMillis(timeoutMs));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
