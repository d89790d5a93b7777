package io.evenkeel.it.bench;

import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A picture as the text of an SVG, small enough to stand in a repository. Lengths are pixels. */
public final class Svg {
    public static final String INK = "rgb(51,51,51)";
    public static final String GRID = "rgb(230,230,230)";

    private final StringBuilder body = new StringBuilder();
    private final double width;
    private final double height;

    public Svg(double width, double height) {
        this.width = width;
        this.height = height;
        rectangle(0, 0, width, height, "white");
    }

    /** A point of a curve. */
    public record Point(double x, double y) {}

    public void rectangle(double x, double y, double w, double h, String fill) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, w, h, fill);
    }

    public void line(double x1, double y1, double x2, double y2, String color) {
        curve(List.of(new Point(x1, y1), new Point(x2, y2)), color, 1);
    }

    /** A line through all points. */
    public void curve(List<Point> points, String color, double strokeWidth) {
        add("<path fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" d=\"", color, strokeWidth);
        for (int i = 0; i < points.size(); i++) {
            add(
                    "%s%.1f %.1f",
                    i == 0 ? "M" : "L", points.get(i).x(), points.get(i).y());
        }
        body.append("\"/>");
    }

    public void diamond(double x, double y, double size, String fill) {
        add(
                "<path fill=\"%s\" d=\"M%.1f %.1fl%.1f %.1fl%.1f %.1fl%.1f %.1fz\"/>",
                fill, x - size, y, size, -size, size, size, -size, size);
    }

    /** Text that begins there. */
    public void text(double x, double y, int size, String text) {
        text(x, y, size, "start", text);
    }

    /**
     * Text.
     *
     * @param anchor the part of it that stands there: start, middle or end
     */
    public void text(double x, double y, int size, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        add("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">", x, y, size, anchor, INK);
        body.append(escaped).append("</text>");
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>%n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\""
                        + " height=\"%.0f\" font-family=\"sans-serif\">%s</svg>%n",
                width,
                height,
                body);
    }

    public void write(Path file) {
        try {
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new RunException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
