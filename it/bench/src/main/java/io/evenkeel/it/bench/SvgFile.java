package io.evenkeel.it.bench;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.evenkeel.it.node.RunException;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Writes pictures as SVG. */
public final class SvgFile {
    private SvgFile() {}

    /** Throws if there is no font to measure texts with, which is so on some systems without a screen. */
    public static void requireFonts() {
        System.setProperty("java.awt.headless", "true");
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("ms", new FontRenderContext(null, true, true));
        } catch (RuntimeException | LinkageError e) {
            throw new RunException("--svg needs a font: install fontconfig and a font such as DejaVu.", e);
        }
    }

    /** Writes what is painted, with a size in pixels. */
    public static void write(Path file, double width, double height, Consumer<Graphics2D> painter) {
        VectorGraphics2D graphics = new VectorGraphics2D();
        painter.accept(graphics);
        Document document = new SVGProcessor().getDocument(graphics.getCommands(), new PageSize(width, height));
        try {
            ByteArrayOutputStream svg = new ByteArrayOutputStream();
            document.writeTo(svg);
            Files.writeString(file, SvgText.compact(svg.toString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new RunException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
