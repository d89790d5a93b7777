package io.evenkeel.it.launcher;

import io.evenkeel.it.node.CpuLimit;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that makes processors short. */
final class CpuOption {
    @Option(
            names = "--cpus",
            paramLabel = "N",
            description = "The processors that all nodes have together, with a fraction, such as 1.2: by the quota"
                    + " of a control group where one can be made, else by taskset and a steady load; the run tells"
                    + " which (default: all).")
    private Double cpus;

    /** The value; refuses one that this machine cannot give. */
    Optional<Double> value(CommandSpec spec) {
        if (cpus != null && !(cpus >= CpuLimit.MIN_CPUS && cpus <= CpuLimit.available())) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    String.format(
                            Locale.ROOT,
                            "--cpus=%s must be from %s to %d, the processors of this machine",
                            cpus,
                            CpuLimit.MIN_CPUS,
                            CpuLimit.available()));
        }
        return Optional.ofNullable(cpus);
    }
}
