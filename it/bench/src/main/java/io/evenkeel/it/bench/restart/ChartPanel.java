package io.evenkeel.it.bench.restart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One recording's half of the picture.
 *
 * @param endS the end of the time axis
 * @param topMs the top of the latency axis, a power of ten
 */
record ChartPanel(String title, Recording recording, double endS, double topMs) {
    static final int WIDTH = 1200;
    static final int HEIGHT = 430;

    /** Above the plot; texts that the library would draw are outlines of letters, a hundred times as long. */
    private static final int HEAD = 44;

    private static final int FOOT = 20;

    private static final double BOTTOM_MS = 1;
    private static final long BUCKET_NS = 500_000_000;
    private static final int SMALL = 11;
    private static final int LARGE = 14;
    private static final int MARKER = 5;
    // Okabe and Ito's colours, which the colour-blind tell apart.
    private static final Color P50 = new Color(0x0072B2);
    private static final Color P90 = new Color(0xE69F00);
    private static final Color MAX = new Color(0x000000);
    private static final Color FRESH = new Color(0xD55E00);
    private static final Color RESTART = new Color(0, 0, 0, 22);
    private static final Color TRANSFER = new Color(0xCC, 0x79, 0xA7, 70);
    private static final Color CONTROL = new Color(0x56, 0xB4, 0xE9, 50);
    private static final Color INK = new Color(0x333333);

    void paint(Graphics2D graphics) {
        XYChart chart = chart();
        graphics.setColor(Color.WHITE);
        graphics.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        graphics.translate(0, HEAD);
        chart.paint(graphics, WIDTH, HEIGHT - HEAD - FOOT);
        bands(graphics, chart);
        graphics.translate(0, -HEAD);
        texts(graphics);
    }

    private void bands(Graphics2D graphics, XYChart chart) {
        graphics.setFont(font(Font.PLAIN, SMALL));
        for (Window window : recording.windows()) {
            if (window.phase() == Phase.CONTROL) {
                band(graphics, chart, window.fromNs(), window.toNs(), CONTROL, "unrelated boot");
            } else if (window.phase() == Phase.LEAVE || window.phase() == Phase.TRANSFER) {
                band(graphics, chart, window.fromNs(), window.toNs(), TRANSFER, "");
            }
        }
        for (Restart restart : recording.restarts()) {
            band(graphics, chart, restart.stopNs(), restart.settledNs(), RESTART, "restart of " + restart.node());
        }
    }

    private void texts(Graphics2D graphics) {
        graphics.setColor(INK);
        graphics.setFont(font(Font.BOLD, LARGE));
        graphics.drawString(title, 12, 20);
        graphics.setFont(font(Font.PLAIN, SMALL));
        graphics.drawString(
                "latency in ms (log scale), a point per 0.5 s, of the requests to the nodes that stayed", 12, 38);
        graphics.drawString(
                "seconds.  Blue: an unrelated Keycloak boots on the same machine.  Grey: a node restarts, from its stop"
                        + " to settled caches.  Pink: its sessions move.",
                72,
                HEIGHT - 6);
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(
                        "seconds (blue: an unrelated Keycloak boots; grey: a node restarts; pink: its sessions move)")
                .yAxisTitle("latency in ms, log scale")
                .build();
        style(chart.getStyler());
        List<Timeline.Point> points = points(sample -> !recording.isFresh(sample));
        line(chart, "max", points, Timeline.Point::maxMs, MAX, 0.6f);
        line(chart, "p90", points, Timeline.Point::p90Ms, P90, 1.4f);
        line(chart, "p50", points, Timeline.Point::p50Ms, P50, 1.8f);
        dots(chart, "max of the node that has just been restarted", points(recording::isFresh));
        return chart;
    }

    private void style(XYStyler styler) {
        styler.setYAxisLogarithmic(true);
        styler.setYAxisMin(BOTTOM_MS).setYAxisMax(topMs).setXAxisMin(0.0).setXAxisMax(endS);
        styler.setXAxisDecimalPattern("0").setYAxisDecimalPattern("#,##0");
        styler.setLegendPosition(Styler.LegendPosition.OutsideS).setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setChartFontColor(INK);
        styler.setPlotGridLinesColor(new Color(0xE6E6E6)).setPlotGridLinesStroke(new BasicStroke(1));
        styler.setMarkerSize(MARKER);
        styler.setAxisTickLabelsFont(font(Font.PLAIN, SMALL)).setAxisTitlesVisible(false);
        styler.setLegendFont(font(Font.PLAIN, SMALL)).setLegendBorderColor(Color.WHITE);
        styler.setChartTitleVisible(false);
    }

    private List<Timeline.Point> points(Predicate<Sample> chosen) {
        List<Sample> samples = recording.samples().stream().filter(chosen).toList();
        return Timeline.of(samples, recording.beginNs(), BUCKET_NS).points();
    }

    /** Dots, since there are some after each restart only. */
    private static void dots(XYChart chart, String name, List<Timeline.Point> points) {
        if (points.isEmpty()) {
            return;
        }
        XYSeries series = chart.addSeries(name, seconds(points), millis(points, Timeline.Point::maxMs));
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(FRESH);
    }

    private static void line(
            XYChart chart,
            String name,
            List<Timeline.Point> points,
            ToDoubleFunction<Timeline.Point> value,
            Color color,
            float width) {
        XYSeries series = chart.addSeries(name, seconds(points), millis(points, value));
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width));
        series.setMarker(SeriesMarkers.NONE);
    }

    private static double[] seconds(List<Timeline.Point> points) {
        return points.stream().mapToDouble(Timeline.Point::seconds).toArray();
    }

    private static double[] millis(List<Timeline.Point> points, ToDoubleFunction<Timeline.Point> value) {
        return points.stream()
                .mapToDouble(value)
                .map(ms -> Math.max(BOTTOM_MS, ms))
                .toArray();
    }

    private void band(Graphics2D graphics, XYChart chart, long fromNs, long toNs, Color color, String label) {
        double left = chart.getScreenXFromChart(recording.seconds(fromNs));
        double right = chart.getScreenXFromChart(recording.seconds(toNs));
        double top = chart.getScreenYFromChart(topMs);
        double bottom = chart.getScreenYFromChart(BOTTOM_MS);
        graphics.setColor(color);
        graphics.fill(new Rectangle2D.Double(left, top, right - left, bottom - top));
        graphics.setColor(INK);
        // Below the fastest request.
        graphics.drawString(label, (float) left + 4, (float) bottom - 5);
    }
}
