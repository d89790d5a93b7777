package io.evenkeel.it.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of a benchmark as a table and as JSON; RATIO and MET are Evenkeel's medians beside stock's.
 *
 * @param contenders the columns by the contenders' names, each with median (min-max); empty for stock's and Evenkeel's
 *     medians, with their rounds below the table
 */
public record BenchTable(List<String> contenders, List<BenchResult> results) implements Report {
    public BenchTable {
        contenders = List.copyOf(contenders);
        results = List.copyOf(results);
    }

    /** Of stock and Evenkeel alone. */
    public BenchTable(List<BenchResult> results) {
        this(List.of(), results);
    }

    @Override
    public List<String> lines() {
        List<String> headings = new ArrayList<>(List.of("NAME", "UNIT"));
        (contenders.isEmpty() ? List.of(BenchResult.STOCK, BenchResult.EVENKEEL) : contenders)
                .forEach(contender -> headings.add(contender.toUpperCase(Locale.ROOT)));
        headings.addAll(List.of("RATIO", "GOAL", "MET"));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        results.forEach(result -> table.row(cells(result).toArray(String[]::new)));
        List<String> lines = new ArrayList<>(table.lines());
        if (contenders.isEmpty()) {
            lines.add("");
            results.stream()
                    .filter(BenchResult::judged)
                    .forEach(result -> lines.add("min-max [each round] of " + result.spread()));
        }
        results.stream()
                .filter(result -> !result.note().isEmpty())
                .forEach(result -> lines.add(result.benchCase().name() + ": " + result.note()));
        return lines;
    }

    private List<String> cells(BenchResult result) {
        List<String> cells = new ArrayList<>(
                List.of(result.benchCase().name(), result.benchCase().unit()));
        if (contenders.isEmpty()) {
            cells.add(BenchResult.number(result.stockMedian()));
            cells.add(BenchResult.number(result.evenkeelMedian()));
        }
        contenders.forEach(contender -> cells.add(result.cell(contender)));
        cells.addAll(List.of(
                BenchResult.number(result.ratio()), result.benchCase().goal().text(), result.verdict()));
        return cells;
    }

    /**
     * An array of objects with the keys name, unit, stock, evenkeel, ratio, goal, met; a value that does not exist (no
     * peer, no goal, not measured) is null. With contenders, also the key rivals: median, min, max and rounds of each
     * by its name.
     */
    @Override
    public String json() {
        List<Map<String, Object>> rows = results.stream().map(this::row).toList();
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> row(BenchResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", result.benchCase().name());
        row.put("unit", result.benchCase().unit());
        row.put("stock", orNull(result.stockMedian()));
        row.put("evenkeel", orNull(result.evenkeelMedian()));
        row.put("ratio", orNull(result.ratio()));
        row.put("goal", result.benchCase().goal().text());
        row.put("met", result.met().orElse(null));
        if (!contenders.isEmpty()) {
            Map<String, Object> figures = new LinkedHashMap<>();
            result.samples().forEach((contender, all) -> figures.put(contender, figures(all)));
            row.put("rivals", figures);
        }
        return row;
    }

    private static Map<String, Object> figures(List<Double> all) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("median", orNull(BenchResult.median(all)));
        figures.put("min", orNull(BenchResult.min(all)));
        figures.put("max", orNull(BenchResult.max(all)));
        figures.put("rounds", all.stream().map(BenchTable::orNull).toList());
        return figures;
    }

    /** JSON knows no NaN. */
    private static Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    @Override
    public boolean complete() {
        return results.stream().allMatch(BenchResult::measured);
    }
}
