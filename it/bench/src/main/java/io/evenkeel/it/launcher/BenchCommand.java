package io.evenkeel.it.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./evenkeel bench}. */
@Command(
        name = "bench",
        description = "Measures Evenkeel beside its stock peer, in one run, interleaved.",
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = {
            StartupBenchCommand.class,
            DiscoveryBenchCommand.class,
            TransportBenchCommand.class,
            StateTransferBenchCommand.class,
            RollingRestartBenchCommand.class
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which benchmark?");
    }
}
