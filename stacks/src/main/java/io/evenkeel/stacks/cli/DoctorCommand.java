package io.evenkeel.stacks.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.evenkeel.stacks.cli.core.ClusterFacts;
import io.evenkeel.stacks.cli.core.Diagnosis;
import io.evenkeel.stacks.cli.core.Finding;
import io.evenkeel.stacks.cli.facts.FactCollector;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}. */
@Command(
        name = "doctor",
        description = {
            "Tells what is wrong with a cluster and what to do about it, worst first.",
            "Reads the lease table, visits every member with this host's keys, compares views, clocks, versions and",
            "settings. Changes nothing. Takes the options and the environment of kc.sh start: --db-url or KC_DB_URL,",
            "--cache-embedded-mtls-* and so on."
        },
        sortOptions = false,
        exitCodeOnInvalidInput = ClusterOptions.UNKNOWN,
        exitCodeOnExecutionException = ClusterOptions.UNKNOWN,
        footer = {
            "",
            "Exit codes: 0 nothing, or notices; 1 warnings; 2 something critical; 3 wrong options.",
            "The findings are explained in docs/operate/doctor.md."
        })
public final class DoctorCommand implements Callable<Integer> {
    /** A member beats each 3 s, so that by then every row has been written anew after a change of the view. */
    private static final long SETTLE_MS = 4_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions options;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        FactCollector collector = options.collector();
        ClusterFacts facts = collector.collect();
        List<Finding> findings = Diagnosis.of(facts);
        if (findings.stream().anyMatch(finding -> finding.code().passes())) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
            facts = collector.collect();
            findings = Diagnosis.of(facts);
        }
        DoctorReport report = new DoctorReport(facts, findings);
        if (json) {
            spec.commandLine().getOut().println(report.json());
        } else {
            report.lines().forEach(spec.commandLine().getOut()::println);
        }
        return Diagnosis.exitCode(findings);
    }
}
