package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.Contender;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartReportTest {
    private static final long S = 1_000_000_000;
    private static final long MS = 1_000_000;
    private static final List<Contender> ALL = List.of(Contender.values());

    @Test
    void lossesFailuresAndTimesAreCounted() {
        BenchTable table = table(
                Map.of(Contender.STOCK, recording(40, 3, "login: 503"), Contender.EVENKEEL, recording(10, 0, null)));

        assertThat(row(table, "sessions lost").samples().get("stock")).containsExactly(3.0);
        assertThat(row(table, "sessions lost").met()).contains(true);
        assertThat(row(table, "failed requests").samples().get("stock")).containsExactly(1.0);
        assertThat(row(table, "failed requests").note()).isEqualTo("stock: 1 x login: 503");
        assertThat(row(table, "stop to ready").samples().get("stock")).containsExactly(3.0);
        assertThat(row(table, "stop to caches settled").samples().get("stock")).containsExactly(5.0);
        assertThat(row(table, "MB between the nodes, a restart").samples().get("stock"))
                .containsExactly(7.0);
        assertThat(row(table, "MB/s between the nodes in quiet").samples().get("evenkeel"))
                .containsExactly(0.5);
    }

    @Test
    void thePartsOfARestartAreItsOwnWindows() {
        BenchTable table = table(Map.of(Contender.EVENKEEL, recording(10, 0, null)));

        assertThat(row(table, "of it: leave, from the stop to the end of the rebalance without it")
                        .samples()
                        .get("evenkeel"))
                .containsExactly(1.0);
        assertThat(row(table, "of it: boot, before its channel starts and after its state has come")
                        .samples()
                        .get("evenkeel"))
                .containsExactly(2.0);
        assertThat(row(table, "of it: join, from the channel start to the end of the rebalance with it")
                        .samples()
                        .get("evenkeel"))
                .containsExactly(2.0);
    }

    @Test
    void onlyTheNodesThatStayCountDuringARestart() {
        BenchTable table =
                table(Map.of(Contender.STOCK, recording(40, 0, null), Contender.EVENKEEL, recording(10, 0, null)));

        BenchResult max = row(table, "max to the nodes that stay, during restarts");
        assertThat(max.samples().get("stock").get(0)).isBetween(39.9, 40.1);
        assertThat(max.samples().get("evenkeel").get(0)).isBetween(9.9, 10.1);
        assertThat(row(table, "p50 in quiet").samples().get("stock").get(0)).isBetween(0.9, 1.1);
        assertThat(row(table, "max just after a restart, to the others")
                        .samples()
                        .get("stock")
                        .get(0))
                .isBetween(39.9, 40.1);
        assertThat(row(table, "max just after a restart, to the restarted node")
                        .samples()
                        .get("stock")
                        .get(0))
                .isBetween(999.0, 1001.0);
        assertThat(row(table, "longest collection of the nodes that stay, during restarts")
                        .samples()
                        .get("stock"))
                .containsExactly(200.0);
        assertThat(row(table, "collections of the nodes that stay, during restarts")
                        .samples()
                        .get("stock"))
                .containsExactly(0.25);
    }

    @Test
    void noChunkSizeMayHaveABetterTail() {
        String p99 = "p99 to the nodes that stay, during restarts";
        Recording stock = recording(40, 0, null);
        Recording chunk16 = recording(20, 0, null);
        BenchTable worse = table(Map.of(
                Contender.STOCK, stock, Contender.CHUNK_16, chunk16, Contender.EVENKEEL, recording(30, 0, null)));
        BenchTable better = table(Map.of(
                Contender.STOCK, stock, Contender.CHUNK_16, chunk16, Contender.EVENKEEL, recording(19, 0, null)));

        assertThat(row(worse, p99).benchCase().goal().text()).isEqualTo("<= 1.00 x stock and <= chunk-16");
        assertThat(row(worse, p99).met()).contains(false);
        assertThat(row(better, p99).met()).contains(true);
        assertThat(row(better, "stop to caches settled").met()).contains(false);
    }

    @Test
    void aPhaseWithoutRequestsIsNotMeasured() {
        BenchTable table =
                table(Map.of(Contender.STOCK, recording(40, 0, null), Contender.EVENKEEL, recording(10, 0, null)));

        assertThat(row(table, "max while an unrelated Keycloak boots beside").samples())
                .isEmpty();
        assertThat(table.lines()).isNotEmpty();
        assertThat(table.json()).contains("\"sessions lost\"", "\"chunk-16\"");
    }

    private static BenchTable table(Map<Contender, Recording> recordings) {
        Map<Contender, List<Recording>> lists = new EnumMap<>(Contender.class);
        recordings.forEach((contender, recording) -> lists.put(contender, List.of(recording)));
        return new RestartReport(ALL, lists).table();
    }

    private static BenchResult row(BenchTable table, String name) {
        return table.results().stream()
                .filter(row -> row.benchCase().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * A second of quiet, then a restart of node-1 with a request that long to node-2, and one of a second to node-1.
     */
    private static Recording recording(long latencyMs, long lost, String failure) {
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(S / 2, MS, "node-1", null));
        samples.add(new Sample(9 * S, latencyMs * MS, "node-2", failure));
        samples.add(new Sample(9 * S, 1000 * MS, "node-1", null));
        Optional<String> absent = Optional.of("node-1");
        List<Window> windows = List.of(
                new Window(Phase.QUIET, 0, S, Optional.empty(), Double.NaN),
                new Window(Phase.LEAVE, 5 * S, 6 * S, absent, 1),
                new Window(Phase.BOOT, 6 * S, 8 * S, absent, 1),
                new Window(Phase.TRANSFER, 8 * S, 10 * S, absent, 1),
                new Window(Phase.FRESH, 8 * S, 12 * S, absent, Double.NaN),
                new Window(Phase.LEAVE, 15 * S, 19 * S, Optional.of("node-2"), 1));
        List<GcPause> pauses = List.of(
                new GcPause("node-2", 7 * S, 7 * S + 200 * MS),
                new GcPause("node-2", 9 * S, 9 * S + 50 * MS),
                new GcPause("node-1", 9 * S, 9 * S + 500 * MS),
                new GcPause("node-2", 13 * S, 13 * S + 900 * MS));
        Restart restart = new Restart("node-1", 5 * S, 8 * S, 10 * S, lost, -1, true, 7_000_000);
        return new Recording(0, 20 * S, samples, windows, List.of(restart), pauses, 500_000);
    }
}
