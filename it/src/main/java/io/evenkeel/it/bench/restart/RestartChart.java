package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.SvgFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Latency over time with the restarts marked, stock above Evenkeel, both with the same axes. */
public final class RestartChart {
    private static final double NS_PER_MS = 1e6;
    private static final double MIN_TOP_MS = 100;

    private final RestartScale scale;

    RestartChart(RestartScale scale) {
        this.scale = scale;
    }

    /** Writes the SVG. */
    void write(Path file, Recording stock, Recording evenkeel) {
        double endS = Math.max(stock.seconds(stock.endNs()), evenkeel.seconds(evenkeel.endNs()));
        double topMs = topMs(stock, evenkeel);
        SvgFile.write(file, ChartPanel.WIDTH, 2.0 * ChartPanel.HEIGHT, graphics -> {
            new ChartPanel(title("Stock (jdbc-ping)"), stock, endS, topMs).paint(graphics);
            graphics.translate(0, ChartPanel.HEIGHT);
            new ChartPanel(title("Evenkeel (evenkeel-jdbc)"), evenkeel, endS, topMs).paint(graphics);
        });
    }

    private String title(String who) {
        return String.format(
                Locale.ROOT,
                "%s: %d Keycloak nodes restarted in turn, %,d sessions in memory, %.0f requests/s",
                who,
                RestartScale.NODES,
                scale.sessions(),
                scale.rate());
    }

    /** A power of ten, which the slowest request of both is below. */
    static double topMs(Recording... recordings) {
        double maxMs = Stream.of(recordings)
                .flatMap(r -> r.samples().stream().filter(s -> s.intendedNs() >= r.beginNs()))
                .mapToDouble(s -> s.latencyNs() / NS_PER_MS)
                .max()
                .orElse(MIN_TOP_MS);
        return Math.max(MIN_TOP_MS, Math.pow(10, Math.ceil(Math.log10(maxMs))));
    }
}
