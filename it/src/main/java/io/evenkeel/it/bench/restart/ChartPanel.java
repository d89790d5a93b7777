package io.evenkeel.it.bench.restart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
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

    private static final double BOTTOM_MS = 1;
    private static final long BUCKET_NS = 500_000_000;
    private static final int FONT_SIZE = 12;
    // Okabe and Ito's colours, which the colour-blind tell apart.
    private static final Color P50 = new Color(0x0072B2);
    private static final Color P90 = new Color(0xE69F00);
    private static final Color MAX = new Color(0x000000);
    private static final Color RESTART = new Color(0, 0, 0, 22);
    private static final Color TRANSFER = new Color(0xCC, 0x79, 0xA7, 70);
    private static final Color CONTROL = new Color(0x56, 0xB4, 0xE9, 50);
    private static final Color INK = new Color(0x333333);

    void paint(Graphics2D graphics) {
        XYChart chart = chart();
        chart.paint(graphics, WIDTH, HEIGHT);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE - 1));
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
        List<Timeline.Point> points =
                Timeline.of(recording.samples(), recording.beginNs(), BUCKET_NS).points();
        add(chart, "max of 0.5 s", points, Timeline.Point::maxMs, MAX, 0.6f);
        add(chart, "p90", points, Timeline.Point::p90Ms, P90, 1.4f);
        add(chart, "p50", points, Timeline.Point::p50Ms, P50, 1.8f);
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
        styler.setPlotGridLinesColor(new Color(0xDDDDDD));
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, FONT_SIZE + 2));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE - 1));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
        styler.setLegendBorderColor(Color.WHITE).setChartTitleBoxVisible(false);
    }

    private static void add(
            XYChart chart,
            String name,
            List<Timeline.Point> points,
            ToDoubleFunction<Timeline.Point> value,
            Color color,
            float width) {
        double[] seconds = points.stream().mapToDouble(Timeline.Point::seconds).toArray();
        double[] ms = points.stream()
                .mapToDouble(value)
                .map(v -> Math.max(BOTTOM_MS, v))
                .toArray();
        XYSeries series = chart.addSeries(name, seconds, ms);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width));
        series.setMarker(SeriesMarkers.NONE);
    }

    private void band(Graphics2D graphics, XYChart chart, long fromNs, long toNs, Color color, String label) {
        double left = chart.getScreenXFromChart(recording.seconds(fromNs));
        double right = chart.getScreenXFromChart(recording.seconds(toNs));
        double top = chart.getScreenYFromChart(topMs);
        double bottom = chart.getScreenYFromChart(BOTTOM_MS);
        graphics.setColor(color);
        graphics.fill(new Rectangle2D.Double(left, top, right - left, bottom - top));
        graphics.setColor(INK);
        graphics.drawString(label, (float) left + 4, (float) top + FONT_SIZE + 2);
    }
}
