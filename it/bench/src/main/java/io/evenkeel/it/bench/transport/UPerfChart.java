package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Svg;
import io.evenkeel.it.bench.transport.UPerfRun.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Each load's requests/s of all variants, by those of JGroups' TCP in clear in the same round. */
final class UPerfChart {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 460;
    private static final int LEFT = 40;
    private static final int TOP = 40;
    private static final int BOTTOM = HEIGHT - 60;
    /** The part of a load's place that its bars fill. */
    private static final double FILLED = 0.85;

    private static final double TICK = 0.5;
    // Okabe and Ito's colours, which the colour-blind tell apart.
    private static final Map<Variant, String> COLORS = new EnumMap<>(Map.of(
            Variant.STOCK_CLEAR, "rgb(153,153,153)",
            Variant.STOCK_TLS, "rgb(230,159,0)",
            Variant.NETTY_TLS, "rgb(0,114,178)",
            Variant.NETTY_CLEAR, "rgb(86,180,233)",
            Variant.NETTY_JDK_TLS, "rgb(0,158,115)"));

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
        return BenchResult.median(IntStream.range(0, own.size())
                .mapToObj(i -> own.get(i).throughput() / stock.get(i).throughput())
                .toList());
    }

    void write(Path file) {
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.text(LEFT, 20, 14, "UPerf, 2 nodes on loopback: requests/s, as times those of JGroups' TCP in clear");
        double top = ratios.values().stream()
                .flatMap(List::stream)
                .max(Double::compare)
                .orElse(TICK);
        for (double tick = 0; tick <= top; tick += TICK) {
            svg.line(LEFT, y(tick, top), WIDTH, y(tick, top), Svg.GRID);
            svg.text(LEFT - 6, y(tick, top) + 4, 11, "end", String.format(Locale.ROOT, "%.1f", tick));
        }
        double place = (double) (WIDTH - LEFT) / loads.size();
        double bar = place * FILLED / ratios.size();
        int index = 0;
        for (Map.Entry<Variant, List<Double>> variant : ratios.entrySet()) {
            String color = COLORS.get(variant.getKey());
            for (int load = 0; load < variant.getValue().size(); load++) {
                double y = y(variant.getValue().get(load), top);
                double x = LEFT + place * (load + (1 - FILLED) / 2) + bar * index;
                svg.rectangle(x, y, bar, BOTTOM - y, color);
            }
            double legend = LEFT + (double) index * (WIDTH - LEFT) / ratios.size();
            svg.rectangle(legend, HEIGHT - 22, 12, 12, color);
            svg.text(legend + 18, HEIGHT - 12, 11, variant.getKey().label());
            index++;
        }
        for (int load = 0; load < loads.size(); load++) {
            svg.text(LEFT + place * (load + 0.5), BOTTOM + 16, 11, "middle", loads.get(load));
        }
        svg.write(file);
    }

    private static double y(double ratio, double top) {
        return BOTTOM - (BOTTOM - TOP) * ratio / top;
    }
}
