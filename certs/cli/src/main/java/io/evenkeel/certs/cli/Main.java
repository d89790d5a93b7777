package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.core.LogText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** {@code evenkeel-certs}: makes, checks and rotates the certificates of one cluster. */
@Command(
        name = "evenkeel-certs",
        description = "Makes, checks and rotates the certificates with which the nodes of a cluster know each other.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Main.JarVersion.class,
        subcommands = {
            InitCaCommand.class,
            IssueCommand.class,
            CsrCommand.class,
            SignCommand.class,
            RenewCommand.class,
            RevokeCommand.class,
            CrlCommand.class,
            RotateCaCommand.class,
            InspectCommand.class,
            VerifyCommand.class,
            CompletionCommand.class
        },
        footerHeading = "%nThe first run:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} init-ca",
            "  ${ROOT-COMMAND-NAME} issue node-1 node-2",
            "",
            "Exit codes: 0 done; 1 failed; 2 wrong command line; 3 verify or inspect found a problem;",
            "4 rotate-ca waits for nodes; 5 exists already and --force was not given."
        })
public final class Main implements Runnable {
    /** Set by scripts that start this under another name, which help and completion then show. */
    private static final String NAME_PROPERTY = "evenkeel.certs.name";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    // picocli acts on both, nobody reads them.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--help", usageHelp = true, description = "Shows this help.", scope = ScopeType.INHERIT)
    private boolean help;

    @SuppressWarnings("UnusedVariable")
    @Option(names = "--version", versionHelp = true, description = "Shows the version.")
    private boolean version;

    /** Runs a command, see {@code --help}. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCommandName(System.getProperty(NAME_PROPERTY, "evenkeel-certs"))
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    private static int refuse(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("evenkeel-certs: " + LogText.oneLine(String.valueOf(e.getMessage())));
        command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int report(Exception e, CommandLine command) throws Exception {
        if (e instanceof CommandException failure) {
            return say(command, failure.getMessage(), failure.exitCode());
        }
        if (e instanceof UsageException) {
            return say(command, e.getMessage(), ExitCode.USAGE);
        }
        if (e instanceof CertificateMaterialException || e instanceof IllegalArgumentException) {
            return say(command, e.getMessage(), ExitCode.FAILED);
        }
        if (e instanceof IOException failure) {
            return say(command, described(failure), ExitCode.FAILED);
        }
        if (e instanceof UncheckedIOException failure) {
            return say(command, described(Objects.requireNonNull(failure.getCause())), ExitCode.FAILED);
        }
        throw e;
    }

    private static String described(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied; run this as the file's owner";
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": does not exist; correct the path, or create the directory";
        }
        if (e instanceof FileSystemException named && named.getReason() != null) {
            return named.getFile() + ": " + named.getReason() + "; remove the obstacle, then run this again";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static int say(CommandLine command, @Nullable String message, int exitCode) {
        command.getErr().println("evenkeel-certs: " + LogText.oneLine(String.valueOf(message)));
        return exitCode;
    }

    /** The version in the jar's manifest. */
    static final class JarVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"evenkeel-certs " + (version == null ? "unknown" : version)};
        }
    }
}
