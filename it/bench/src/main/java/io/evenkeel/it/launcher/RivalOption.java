package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Contender;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that picks contenders of a benchmark. */
final class RivalOption {
    @Option(
            names = "--rival",
            paramLabel = "NAME",
            description = "Measures that rival only; may be given several times: stock, chunk-64, chunk-16,"
                    + " evenkeel (default: all).")
    private final List<String> rivals = new ArrayList<>();

    /** The chosen ones; refuses a name that is none. */
    List<Contender> value(CommandSpec spec) {
        return BenchOptions.named(spec, "--rival", Contender.class, rivals, List.of(Contender.values()));
    }
}
