package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Svg;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * One recording's part of the picture.
 *
 * @param top of the panel in the picture
 * @param endS the end of the time axis
 * @param topMs the top of the latency axis, a power of ten
 */
record ChartPanel(Svg svg, double top, String title, Recording recording, double endS, double topMs) {
    static final int WIDTH = 1200;
    static final int HEIGHT = 430;
    private static final int LEFT = 60;
    private static final int RIGHT = WIDTH - 20;
    /** Below the texts above the plot. */
    private static final int HEAD = 50;

    private static final int FOOT = HEIGHT - 60;
    private static final double BOTTOM_MS = 1;
    private static final double TICK_S = 20;
    private static final long BUCKET_NS = 500_000_000;
    private static final int SMALL = 11;
    private static final int LARGE = 14;
    private static final int MARKER = 3;
    // Okabe and Ito's colours, which the colour-blind tell apart.
    private static final String P50 = "rgb(0,114,178)";
    private static final String P90 = "rgb(230,159,0)";
    private static final String MAX = "black";
    private static final String FRESH = "rgb(213,94,0)";
    private static final String RESTART = "rgba(0,0,0,0.09)";
    private static final String TRANSFER = "rgba(204,121,167,0.27)";
    private static final String CONTROL = "rgba(86,180,233,0.2)";

    void paint() {
        svg.text(12, top + 20, LARGE, title);
        svg.text(
                12,
                top + 38,
                SMALL,
                "latency in ms (log scale), a point per 0.5 s, of the requests to the nodes that stayed");
        axes();
        List<Timeline.Point> points = points(sample -> !recording.isFresh(sample));
        curve(points, Timeline.Point::maxMs, MAX, 0.6);
        curve(points, Timeline.Point::p90Ms, P90, 1.4);
        curve(points, Timeline.Point::p50Ms, P50, 1.8);
        points(recording::isFresh).forEach(point -> svg.diamond(x(point.seconds()), y(point.maxMs()), MARKER, FRESH));
        bands();
        legend();
    }

    private void axes() {
        for (double ms = BOTTOM_MS; ms <= topMs; ms *= 10) {
            svg.line(LEFT, y(ms), RIGHT, y(ms), Svg.GRID);
            svg.text(LEFT - 6, y(ms) + 4, SMALL, "end", String.format(Locale.ROOT, "%,.0f", ms));
        }
        for (double s = 0; s <= endS; s += TICK_S) {
            svg.line(x(s), y(BOTTOM_MS), x(s), y(topMs), Svg.GRID);
            svg.text(x(s), y(BOTTOM_MS) + 14, SMALL, "middle", String.format(Locale.ROOT, "%.0f", s));
        }
    }

    private void bands() {
        for (Window window : recording.windows()) {
            if (window.phase() == Phase.CONTROL) {
                band(window.fromNs(), window.toNs(), CONTROL, "unrelated boot");
            } else if (window.phase() == Phase.LEAVE || window.phase() == Phase.TRANSFER) {
                band(window.fromNs(), window.toNs(), TRANSFER, "");
            }
        }
        for (Restart restart : recording.restarts()) {
            band(restart.stopNs(), restart.settledNs(), RESTART, "restart of " + restart.node());
        }
    }

    private void band(long fromNs, long toNs, String color, String label) {
        double left = x(recording.seconds(fromNs));
        svg.rectangle(left, y(topMs), x(recording.seconds(toNs)) - left, y(BOTTOM_MS) - y(topMs), color);
        // Below the fastest request.
        svg.text(left + 4, y(BOTTOM_MS) - 5, SMALL, label);
    }

    private void legend() {
        List<String> names = List.of("max", "p90", "p50", "max of the node that has just been restarted");
        List<String> colors = List.of(MAX, P90, P50, FRESH);
        for (int i = 0; i < names.size(); i++) {
            double x = LEFT + i * 90.0;
            svg.rectangle(x, top + HEIGHT - 36, 12, 3, colors.get(i));
            svg.text(x + 18, top + HEIGHT - 30, SMALL, names.get(i));
        }
        svg.text(
                LEFT,
                top + HEIGHT - 10,
                SMALL,
                "seconds.  Blue: an unrelated Keycloak boots on the same machine.  Grey: a node restarts, from its stop"
                        + " to settled caches.  Pink: its sessions move.");
    }

    private List<Timeline.Point> points(Predicate<Sample> chosen) {
        List<Sample> samples = recording.samples().stream().filter(chosen).toList();
        return Timeline.of(samples, recording.beginNs(), BUCKET_NS).points();
    }

    private void curve(
            List<Timeline.Point> points, ToDoubleFunction<Timeline.Point> ms, String color, double strokeWidth) {
        svg.curve(
                points.stream()
                        .map(point -> new Svg.Point(x(point.seconds()), y(ms.applyAsDouble(point))))
                        .toList(),
                color,
                strokeWidth);
    }

    private double x(double seconds) {
        return LEFT + (RIGHT - LEFT) * seconds / endS;
    }

    private double y(double ms) {
        double part = Math.log10(Math.max(BOTTOM_MS, ms)) / Math.log10(topMs);
        return top + FOOT - (FOOT - HEAD) * part;
    }
}
