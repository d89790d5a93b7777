package io.evenkeel.it.bench.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.ShapedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The real thing with little in it. */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class StateBenchTest {
    private static final double FEW = 10;

    private final List<String> steps = new ArrayList<>();

    private BenchTable run(StateCase stateCase, boolean tls, Contender... contenders) throws InterruptedException {
        StateScale scale = new StateScale(
                1,
                2_000,
                Duration.ofSeconds(1),
                tls,
                StateScale.Collector.G1,
                Optional.empty(),
                Optional.empty(),
                List.of(contenders));
        return new StateBench(scale, steps::add).run(List.of(stateCase), table -> {});
    }

    private void assertSound(BenchTable table, String contender) {
        assertThat(table.complete()).as(steps::toString).isTrue();
        assertThat(row(table, "join").samples().get(contender)).allMatch(seconds -> seconds > 0);
        assertThat(row(table, "join p99").samples().get(contender)).allMatch(ms -> ms > 0);
        // Infinispan fails a request now and then when the topology changes, on stock as well: for the benchmark to
        // report.
        assertThat(row(table, "failed requests").samples().get(contender)).allMatch(failed -> failed < FEW);
        assertThat(row(table, "lost entries").samples().get(contender)).containsOnly(0.0);
    }

    private static BenchResult row(BenchTable table, String name) {
        return table.results().stream()
                .filter(row -> row.benchCase().name().endsWith(": " + name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNodeJoinsAndLeavesOnLoopbackWithStock() throws Exception {
        assertSound(run(StateCase.UNSHAPED, false, Contender.STOCK), "stock");
    }

    @Test
    void aNodeIsRestartedAndWhatWasMovedIsCounted() throws Exception {
        BenchTable table = run(StateCase.FULL_CYCLE, false, Contender.EVENKEEL);

        assertThat(table.complete()).as(steps::toString).isTrue();
        assertThat(row(table, "cycle").samples().get("evenkeel")).allMatch(seconds -> seconds > 0);
        // A quarter of 2 x 2,000 entries of 1 KiB on two nodes each: less cannot have come back.
        assertThat(row(table, "MB between the nodes").samples().get("evenkeel")).allMatch(mb -> mb > 2);
        assertThat(row(table, "lost entries").samples().get("evenkeel")).containsOnly(0.0);
    }

    @Test
    void aNodeJoinsAndLeavesOnSlowHostsWithTlsAndStateIsPaced() throws Exception {
        assumeTrue(ShapedNetwork.obstacle().isEmpty(), () -> ShapedNetwork.obstacle()
                .orElse(""));
        assertSound(run(StateCase.LAN_200, true, Contender.EVENKEEL), "evenkeel");
        assertThat(steps)
                .anyMatch(step -> step.contains("STATE_FC, join: "))
                .noneMatch(step -> step.contains(" 0.0 MB of it paced"));
    }

    @Test
    void aNodeJoinsAndLeavesOverALongCable() throws Exception {
        assumeTrue(ShapedNetwork.obstacle().isEmpty(), () -> ShapedNetwork.obstacle()
                .orElse(""));
        assertSound(run(StateCase.RTT_2MS_200, false, Contender.CHUNK_16), "chunk-16");
    }

    @Test
    void saysWhyItMeasuresNothingWithoutNamespaces() throws Exception {
        assumeTrue(ShapedNetwork.obstacle().isPresent(), "namespaces are to be had here");
        List<BenchResult> results = run(StateCase.LAN_200, false, Contender.STOCK).results().stream()
                .toList();
        assertThat(results).hasSize(1);
        assertThat(results.get(0).note()).contains(ShapedNetwork.obstacle().orElseThrow());
    }
}
