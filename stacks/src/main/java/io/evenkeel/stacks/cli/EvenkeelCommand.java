package io.evenkeel.stacks.cli;

import io.evenkeel.certs.core.LogText;
import io.evenkeel.protocols.version.PackVersion;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The commands of THE jar. */
@Command(
        name = "evenkeel",
        exitCodeOnInvalidInput = ClusterOptions.UNKNOWN,
        exitCodeOnExecutionException = ClusterOptions.UNKNOWN,
        description = "Looks at a running cluster of Keycloak on Evenkeel.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = EvenkeelCommand.JarVersion.class)
public final class EvenkeelCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    // picocli acts on both, nobody reads them.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--help", usageHelp = true, description = "Shows this help.", scope = ScopeType.INHERIT)
    private boolean help;

    @SuppressWarnings("UnusedVariable")
    @Option(names = "--version", versionHelp = true, description = "Shows the version.")
    private boolean version;

    /**
     * Runs a command; {@link Main} calls this by its name.
     *
     * @param home Keycloak's directory, whose libraries this runs with
     * @return the exit code
     */
    public static int run(String[] args, Path home) {
        ClusterOptions.foundHome(home);
        return commandLine().execute(args);
    }

    /** Adds the commands to another program's. */
    public static CommandLine addTo(CommandLine program) {
        program.addSubcommand(ClusterOptions.allowKeycloakOptions(new CommandLine(new DoctorCommand())));
        program.addSubcommand(ClusterOptions.allowKeycloakOptions(new CommandLine(new StatusCommand())));
        return program;
    }

    private static CommandLine commandLine() {
        return addTo(new CommandLine(new EvenkeelCommand()))
                .setCommandName("java -jar evenkeel.jar")
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((e, arguments) -> refuse(e, ""))
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /**
     * Tells of a wrong command line in two lines, the second of which names the help.
     *
     * @param directory of the program as it is called, with a slash; empty where it is found without
     * @return the exit code
     */
    public static int refuse(ParameterException e, String directory) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("evenkeel: " + LogText.oneLine(String.valueOf(e.getMessage())));
        command.getErr().println("See " + directory + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int report(Exception e, CommandLine command) throws Exception {
        if (e instanceof InterruptedException) {
            command.getErr().println("Stopped.");
            return ClusterOptions.UNKNOWN;
        }
        throw e;
    }

    /** The version in the jar. */
    static final class JarVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Evenkeel " + PackVersion.current()};
        }
    }
}
