package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Report;
import io.evenkeel.it.node.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A benchmark as a command: a wrong option ends it before anything starts, and its exit code tells of missing rows. */
abstract class Benchmark implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    BenchOptions options;

    /** Reads the options, and refuses what cannot be measured. */
    abstract void check();

    abstract Report measure(Progress progress) throws InterruptedException;

    /** True if nothing of the report is missing. */
    boolean complete(Report report) {
        return report.complete();
    }

    @Override
    public final Integer call() throws InterruptedException {
        check();
        options.checkJson(spec);
        Report report;
        try (ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr())) {
            report = measure(progress);
        }
        options.publish(report, spec.commandLine().getOut());
        return complete(report) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    final void require(boolean right, String message) {
        if (!right) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }
}
