package io.evenkeel.it.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of a benchmark as a table and as JSON. */
public record BenchTable(List<BenchResult> results) implements Report {
    public BenchTable {
        results = List.copyOf(results);
    }

    /** The table, then each case's smallest and largest sample. */
    @Override
    public List<String> lines() {
        TextTable table = new TextTable("NAME", "UNIT", "STOCK", "EVENKEEL", "RATIO", "GOAL", "MET");
        for (BenchResult result : results) {
            table.row(
                    result.benchCase().name(),
                    result.benchCase().unit(),
                    BenchResult.number(result.stockMedian()),
                    BenchResult.number(result.evenkeelMedian()),
                    BenchResult.number(result.ratio()),
                    result.benchCase().goal().text(),
                    verdict(result));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        results.stream()
                .filter(BenchResult::measured)
                .forEach(result -> lines.add("min-max [each round] of " + result.spread()));
        results.stream()
                .filter(result -> !result.note().isEmpty())
                .forEach(result -> lines.add(result.benchCase().name() + ": " + result.note()));
        return lines;
    }

    static String verdict(BenchResult result) {
        if (!result.measured()) {
            return "not measured";
        }
        return result.met().map(met -> met ? "met" : "missed").orElse("-");
    }

    /** JSON knows no NaN. */
    static Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /**
     * An array of objects with the keys name, unit, stock, evenkeel, ratio, goal, met; a value that does not exist (no
     * peer, no goal, not measured) is null.
     */
    @Override
    public String json() {
        return json(results.stream().map(BenchTable::row).toList());
    }

    @Override
    public boolean complete() {
        return results.stream().allMatch(BenchResult::measured);
    }

    static Map<String, Object> row(BenchResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", result.benchCase().name());
        row.put("unit", result.benchCase().unit());
        row.put("stock", orNull(result.stockMedian()));
        row.put("evenkeel", orNull(result.evenkeelMedian()));
        row.put("ratio", orNull(result.ratio()));
        row.put("goal", result.benchCase().goal().text());
        row.put("met", result.met().orElse(null));
        return row;
    }

    static String json(List<Map<String, Object>> rows) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
