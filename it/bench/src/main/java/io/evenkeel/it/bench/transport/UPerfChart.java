package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.SvgFile;
import io.evenkeel.it.bench.transport.UPerfRun.Sample;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/** Each load's requests/s of all variants, by those of JGroups' TCP in clear in the same round. */
final class UPerfChart {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 460;
    // Okabe and Ito's colours, which the colour-blind tell apart.
    private static final Map<Variant, Color> COLORS = new EnumMap<>(Map.of(
            Variant.STOCK_CLEAR, new Color(0x999999),
            Variant.STOCK_TLS, new Color(0xE69F00),
            Variant.NETTY_TLS, new Color(0x0072B2),
            Variant.NETTY_CLEAR, new Color(0x56B4E9),
            Variant.NETTY_JDK_TLS, new Color(0x009E73)));

    private final List<String> loads = new ArrayList<>();
    private final Map<Variant, List<Double>> ratios = new EnumMap<>(Variant.class);

    void add(String load, Map<Variant, List<Sample>> samples) {
        loads.add(load);
        List<Sample> stock = samples.get(Variant.STOCK_CLEAR);
        samples.forEach((variant, own) ->
                ratios.computeIfAbsent(variant, v -> new ArrayList<>()).add(medianRatio(own, stock)));
    }

    /** The median over the rounds of what one variant reached by what the other did. */
    static double medianRatio(List<Sample> own, List<Sample> stock) {
        double[] each = IntStream.range(0, own.size())
                .mapToDouble(i -> own.get(i).throughput() / stock.get(i).throughput())
                .sorted()
                .toArray();
        int middle = each.length / 2;
        return each.length % 2 == 1 ? each[middle] : (each[middle - 1] + each[middle]) / 2;
    }

    void write(Path svg) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("UPerf, 2 nodes on loopback: requests/s by those of JGroups' TCP in clear")
                .yAxisTitle("times stock TCP in clear")
                .build();
        CategoryStyler styler = chart.getStyler();
        styler.setLegendPosition(Styler.LegendPosition.OutsideS).setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
        styler.setLegendBorderColor(Color.WHITE).setChartTitleBoxVisible(false);
        styler.setAvailableSpaceFill(0.85);
        styler.setYAxisMin(0.0).setYAxisDecimalPattern("0.0");
        ratios.forEach((variant, values) ->
                chart.addSeries(variant.label(), loads, values).setFillColor(COLORS.get(variant)));
        SvgFile.write(svg, WIDTH, HEIGHT, graphics -> chart.paint(graphics, WIDTH, HEIGHT));
    }
}
