package io.evenkeel.it.bench.restart;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.evenkeel.it.node.RunException;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
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

    /** Throws if there is no font to measure texts with, which is so on some systems without a screen. */
    public static void requireFonts() {
        System.setProperty("java.awt.headless", "true");
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("ms", new FontRenderContext(null, true, true));
        } catch (RuntimeException | LinkageError e) {
            throw new RunException("--svg needs a font: install fontconfig and a font such as DejaVu.", e);
        }
    }

    /** Writes the SVG. */
    void write(Path file, Recording stock, Recording evenkeel) {
        double endS = Math.max(stock.seconds(stock.endNs()), evenkeel.seconds(evenkeel.endNs()));
        double topMs = topMs(stock, evenkeel);
        VectorGraphics2D graphics = new VectorGraphics2D();
        new ChartPanel(title("Stock (jdbc-ping)"), stock, endS, topMs).paint(graphics);
        graphics.translate(0, ChartPanel.HEIGHT);
        new ChartPanel(title("Evenkeel (evenkeel-jdbc)"), evenkeel, endS, topMs).paint(graphics);
        Document document = new SVGProcessor()
                .getDocument(graphics.getCommands(), new PageSize(ChartPanel.WIDTH, 2.0 * ChartPanel.HEIGHT));
        try (OutputStream out = Files.newOutputStream(file)) {
            document.writeTo(out);
        } catch (IOException e) {
            throw new RunException("Cannot write " + file + ": " + e.getMessage(), e);
        }
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
