package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.Contender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartChartTest {
    private static final long S = 1_000_000_000;
    private static final long MS = 1_000_000;

    @TempDir
    private Path dir;

    @Test
    void eachContenderHasAPanelInOneSvg() throws Exception {
        Path svg = dir.resolve("restart.svg");

        RestartScale scale = RestartScale.full(List.of(Contender.values()), 300_000, 30, 1);
        new RestartChart(scale)
                .write(
                        svg,
                        new TreeMap<>(Map.of(
                                Contender.STOCK, recording(400),
                                Contender.CHUNK_16, recording(200),
                                Contender.EVENKEEL, recording(90))));

        assertThat(Files.readString(svg))
                .startsWith("<?xml")
                .contains(
                        "Stock (jdbc-ping), chunk-size 512",
                        "chunk-size 16:",
                        "Evenkeel (evenkeel-jdbc)",
                        "restart of node-1",
                        "300,000 sessions");
    }

    @ParameterizedTest
    @CsvSource({"20,100", "100,100", "101,1000", "999,1000", "1001,10000"})
    void theAxisEndsAtAPowerOfTen(long slowestMs, double topMs) {
        Recording recording = new Recording(
                0, S, List.of(new Sample(0, slowestMs * MS, "node-1", null)), List.of(), List.of(), List.of(), 0);

        assertThat(RestartChart.topMs(List.of(recording))).isEqualTo(topMs);
    }

    private static Recording recording(long slowMs) {
        Random random = new Random(1);
        List<Sample> samples = new ArrayList<>();
        for (long i = 0; i < 90 * 100; i++) {
            long atNs = i * S / 90;
            boolean moving = atNs > 50 * S && atNs < 70 * S;
            long latencyNs = 3 * MS + (long) (random.nextDouble() * (moving ? slowMs : 8) * MS);
            samples.add(new Sample(atNs, latencyNs, "node-2", null));
        }
        List<Window> windows = List.of(
                new Window(Phase.QUIET, 0, 20 * S, Optional.empty(), Double.NaN),
                new Window(Phase.CONTROL, 20 * S, 35 * S, Optional.empty(), 20),
                new Window(Phase.LEAVE, 45 * S, 50 * S, Optional.of("node-1"), 0),
                new Window(Phase.BOOT, 50 * S, 60 * S, Optional.of("node-1"), 15),
                new Window(Phase.TRANSFER, 60 * S, 72 * S, Optional.of("node-1"), 9));
        Restart restart = new Restart("node-1", 45 * S, 74 * S, 74 * S, 0, 0, true, 0);
        return new Recording(0, 100 * S, samples, windows, List.of(restart), List.of(), 0);
    }
}
