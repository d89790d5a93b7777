package io.evenkeel.it.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of a benchmark as a table and as JSON. */
public record BenchTable(List<BenchResult> results) {
    public BenchTable {
        results = List.copyOf(results);
    }

    /** The table, then each case's smallest and largest sample. */
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
                    result.met() ? "met" : "missed");
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        results.forEach(result -> lines.add("min-max [each round] of " + result.spread()));
        return lines;
    }

    /** An array of objects with the keys name, unit, stock, evenkeel, ratio, goal, met. */
    public String json() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (BenchResult result : results) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", result.benchCase().name());
            row.put("unit", result.benchCase().unit());
            row.put("stock", result.stockMedian());
            row.put("evenkeel", result.evenkeelMedian());
            row.put("ratio", result.ratio());
            row.put("goal", result.benchCase().goal().text());
            row.put("met", result.met());
            rows.add(row);
        }
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
