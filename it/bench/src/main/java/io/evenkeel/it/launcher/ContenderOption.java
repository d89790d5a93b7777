package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Contender;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that picks contenders of a benchmark. */
final class ContenderOption {
    @Option(
            names = "--rival",
            paramLabel = "NAME",
            description = "Measures that contender only; may be given several times: stock, chunk-64, chunk-16,"
                    + " evenkeel (default: all).")
    private final List<String> names = new ArrayList<>();

    /** The chosen ones; refuses a name that is none. */
    List<Contender> value(CommandSpec spec) {
        List<Contender> all = List.of(Contender.values());
        return BenchOptions.named(spec, "--rival", all, names, all);
    }
}
