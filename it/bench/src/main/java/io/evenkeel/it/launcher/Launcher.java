package io.evenkeel.it.launcher;

import io.evenkeel.it.node.RunException;
import io.evenkeel.stacks.cli.EvenkeelCommand;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./evenkeel}. The main thread owns whatever a command starts and closes it on its way out; Ctrl-C and SIGTERM
 * interrupt that thread and wait for it.
 */
@Command(
        name = "evenkeel",
        description = "Runs real Keycloak clusters on Evenkeel, looks at them, and measures them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {UpCommand.class, BenchCommand.class},
        footer = {"", "Certificates are made, checked and rotated by ./evenkeel certs, see ./evenkeel certs --help."})
public final class Launcher implements Runnable {
    private static final int INTERRUPTED = 130;
    private static final long UNWIND_BOUND_S = 90;
    /**
     * Ctrl-C can reach a child that is just being started before it reaches us; then the child's end is not the news.
     */
    private static final long CTRL_C_BOUND_MS = 300;

    private static final CountDownLatch STOPPING = new CountDownLatch(1);

    @Spec
    private CommandSpec spec;

    // picocli acts on it, nobody reads it.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--help", usageHelp = true, description = "Shows this help.", scope = CommandLine.ScopeType.INHERIT)
    private boolean help;

    /** Runs a command, see {@code --help}; the system property evenkeel.home names the top of the source tree. */
    public static void main(String[] args) {
        CountDownLatch unwound = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> unwind(main, unwound), "unwind"));
        int status;
        try {
            status = commandLine().execute(args);
        } finally {
            // Before System.exit, which waits for the hook, which waits for this.
            unwound.countDown();
        }
        System.exit(status);
    }

    static CommandLine commandLine() {
        return EvenkeelCommand.addTo(new CommandLine(new Launcher()))
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((e, arguments) -> EvenkeelCommand.refuse(e, "./"))
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, command));
    }

    static Path projectRoot() {
        return Path.of(System.getProperty("evenkeel.home", "."))
                .toAbsolutePath()
                .normalize();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }

    private static int report(Exception e, CommandLine command) throws Exception {
        if (e instanceof InterruptedException || stopping()) {
            command.getErr().println("Stopped.");
            return INTERRUPTED;
        }
        if (e instanceof RunException failure) {
            command.getErr().println("evenkeel: " + failure.getMessage());
            failure.details().forEach(line -> command.getErr().println("    " + line));
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }

    private static boolean stopping() {
        try {
            return STOPPING.await(CTRL_C_BOUND_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static void unwind(Thread main, CountDownLatch unwound) {
        if (unwound.getCount() == 0) {
            return;
        }
        STOPPING.countDown();
        main.interrupt();
        try {
            if (!unwound.await(UNWIND_BOUND_S, TimeUnit.SECONDS)) {
                System.err.println("evenkeel: not everything stopped in time; killing what is left.");
                ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
