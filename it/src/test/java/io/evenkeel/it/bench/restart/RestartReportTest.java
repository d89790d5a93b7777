package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.BenchResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartReportTest {
    private static final long S = 1_000_000_000;
    private static final long MS = 1_000_000;

    @Test
    void lossesFailuresAndTimesAreCounted() {
        RestartReport report =
                new RestartReport(List.of(recording(40, 3, "login: 503")), List.of(recording(10, 0, null)));

        assertThat(row(report, "sessions lost").stockMedian()).isEqualTo(3);
        assertThat(row(report, "sessions lost").met()).contains(true);
        assertThat(row(report, "failed requests").stockMedian()).isEqualTo(1);
        assertThat(row(report, "failed requests").note()).isEqualTo("stock: 1 x login: 503");
        assertThat(row(report, "stop to ready").stockMedian()).isEqualTo(3);
        assertThat(row(report, "stop to caches settled").stockMedian()).isEqualTo(5);
        assertThat(row(report, "channel start to the end of the rebalance with it")
                        .stockMedian())
                .isEqualTo(2);
    }

    @Test
    void onlyTheNodesThatStayCountDuringARestart() {
        RestartReport report = new RestartReport(List.of(recording(40, 0, null)), List.of(recording(10, 0, null)));

        BenchResult max = row(report, "max to the nodes that stay, during restarts");
        assertThat(max.stockMedian()).isBetween(39.9, 40.1);
        assertThat(max.evenkeelMedian()).isBetween(9.9, 10.1);
        assertThat(row(report, "p99 to the nodes that stay, during restarts").met())
                .contains(true);
        assertThat(row(report, "p50 in quiet").stockMedian()).isBetween(0.9, 1.1);
        assertThat(row(report, "max just after a restart, to the others").stockMedian())
                .isBetween(39.9, 40.1);
        assertThat(row(report, "max just after a restart, to the restarted node")
                        .stockMedian())
                .isBetween(999.0, 1001.0);
    }

    @Test
    void aPhaseWithoutRequestsIsNotMeasured() {
        RestartReport report = new RestartReport(List.of(recording(40, 0, null)), List.of(recording(10, 0, null)));

        assertThat(row(report, "max while a node leaves").measured()).isFalse();
        assertThat(report.table().lines()).isNotEmpty();
        assertThat(report.table().json()).contains("\"sessions lost\"");
    }

    private static BenchResult row(RestartReport report, String name) {
        return report.table().results().stream()
                .filter(result -> result.benchCase().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A second of quiet, then a restart of node-1 with a request that long to node-2, and one of a second to node-1. */
    private static Recording recording(long latencyMs, long lost, String failure) {
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(S / 2, MS, "node-1", null));
        samples.add(new Sample(9 * S, latencyMs * MS, "node-2", failure));
        samples.add(new Sample(9 * S, 1000 * MS, "node-1", null));
        List<Window> windows = List.of(
                new Window(Phase.QUIET, 0, S, Optional.empty(), Double.NaN),
                new Window(Phase.TRANSFER, 8 * S, 10 * S, Optional.of("node-1"), 1),
                new Window(Phase.FRESH, 8 * S, 12 * S, Optional.of("node-1"), Double.NaN));
        Restart restart = new Restart("node-1", 5 * S, 8 * S, 10 * S, lost, -1, true);
        return new Recording(0, 20 * S, samples, windows, List.of(restart));
    }
}
