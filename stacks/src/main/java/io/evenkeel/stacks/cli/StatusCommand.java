package io.evenkeel.stacks.cli;

import io.evenkeel.stacks.cli.core.ClusterFacts;
import io.evenkeel.stacks.cli.core.ClusterStatus;
import io.evenkeel.stacks.cli.core.Diagnosis;
import io.evenkeel.stacks.cli.core.MemberFacts;
import io.evenkeel.stacks.cli.facts.FactCollector;
import io.evenkeel.stacks.cli.facts.MetricsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code status}. */
@Command(
        name = "status",
        description = {
            "Shows a cluster: nodes, roles, versions, leases, views, connections, TLS, certificates, state that moves.",
            "From the lease table, a visit to every member, and the nodes' /metrics where they can be read; what"
                    + " cannot be",
            "had is shown as ? with the reason. Takes the options and the environment of kc.sh start."
        },
        sortOptions = false,
        exitCodeOnInvalidInput = ClusterOptions.UNKNOWN,
        exitCodeOnExecutionException = ClusterOptions.UNKNOWN,
        footer = {"", "Exit codes as of doctor: 0 all is well; 1 warnings; 2 something critical; 3 wrong options."})
public final class StatusCommand implements Callable<Integer> {
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
    private static final int MAX_INTERVAL_S = 3600;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions options;

    @Option(
            names = "--metrics-url",
            paramLabel = "URL",
            description = "A node's /metrics; once for each node. Default: the management port at each node's address.")
    private List<URI> metricsUrls = List.of();

    @Option(
            names = "--watch",
            arity = "0..1",
            paramLabel = "S",
            fallbackValue = "2",
            description = "Shows it again every S seconds, 2 if not given, until Ctrl-C.")
    private @Nullable Integer watchS;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page that needs nothing else, for a ticket.")
    private @Nullable Path html;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (watchS != null && (watchS < 1 || watchS > MAX_INTERVAL_S)) {
            throw new ParameterException(
                    spec.commandLine(), "--watch=" + watchS + " must be from 1 to " + MAX_INTERVAL_S);
        }
        FactCollector collector = options.collector();
        MetricsReader metrics = options.metrics(metricsUrls);
        while (true) {
            ClusterStatus status = look(collector, metrics);
            show(status);
            if (watchS == null) {
                return Diagnosis.exitCode(status.findings());
            }
            TimeUnit.SECONDS.sleep(watchS);
        }
    }

    private static ClusterStatus look(FactCollector collector, MetricsReader metrics) throws InterruptedException {
        ClusterFacts facts = collector.collect();
        return ClusterStatus.of(
                facts,
                metrics.read(facts.members().stream().map(MemberFacts::row).toList()),
                Instant.now());
    }

    private void show(ClusterStatus status) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (html != null) {
            Files.writeString(html, StatusPage.of(status));
        }
        if (json) {
            out.println(StatusReport.json(status));
        } else if (html == null || watchS != null) {
            if (watchS != null) {
                out.print(CLEAR_SCREEN);
            }
            StatusReport.lines(status).forEach(out::println);
        }
        out.flush();
    }
}
