package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Svg;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** Latency over time with the restarts marked, a panel each, all with the same axes. */
public final class RestartChart {
    private static final double NS_PER_MS = 1e6;
    private static final double MIN_TOP_MS = 100;

    private final RestartScale scale;

    RestartChart(RestartScale scale) {
        this.scale = scale;
    }

    /** Writes the SVG. */
    void write(Path file, SortedMap<Contender, Recording> recordings) {
        double endS = recordings.values().stream()
                .mapToDouble(recording -> recording.seconds(recording.endNs()))
                .max()
                .orElseThrow();
        double topMs = topMs(recordings.values());
        Svg svg = new Svg(ChartPanel.WIDTH, (double) recordings.size() * ChartPanel.HEIGHT);
        double top = 0;
        for (Map.Entry<Contender, Recording> each : recordings.entrySet()) {
            new ChartPanel(svg, top, title(each.getKey()), each.getValue(), endS, topMs).paint();
            top += ChartPanel.HEIGHT;
        }
        svg.write(file);
    }

    private String title(Contender contender) {
        String who = contender.isEvenkeel()
                ? "Evenkeel (evenkeel-jdbc)"
                : "Stock (jdbc-ping), chunk-size " + contender.chunkEntries();
        return String.format(
                Locale.ROOT,
                "%s: %d Keycloak nodes restarted in turn, %,d sessions in memory, %.0f requests/s",
                who,
                RestartScale.NODES,
                scale.sessions(),
                scale.rate());
    }

    /** A power of ten, which the slowest request of all is below. */
    static double topMs(Collection<Recording> recordings) {
        double maxMs = recordings.stream()
                .flatMap(r -> r.samples().stream().filter(s -> s.intendedNs() >= r.beginNs()))
                .mapToDouble(s -> s.latencyNs() / NS_PER_MS)
                .max()
                .orElse(MIN_TOP_MS);
        return Math.max(MIN_TOP_MS, Math.pow(10, Math.ceil(Math.log10(maxMs))));
    }
}
