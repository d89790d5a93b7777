package io.evenkeel.it.bench;

import io.evenkeel.it.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of a benchmark with several rivals, a column each.
 *
 * @param rivals their names, in the order of the columns
 */
public record RivalsTable(List<String> rivals, List<RivalsResult> results) implements Report {
    public RivalsTable {
        rivals = List.copyOf(rivals);
        results = List.copyOf(results);
    }

    /** The table with median (min-max) of each rival; RATIO and MET are Evenkeel's medians beside stock's. */
    @Override
    public List<String> lines() {
        List<String> headings = new ArrayList<>(List.of("NAME", "UNIT"));
        rivals.forEach(rival -> headings.add(rival.toUpperCase(Locale.ROOT)));
        headings.addAll(List.of("RATIO", "GOAL", "MET"));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        results.forEach(row -> table.row(cells(row).toArray(String[]::new)));
        List<String> lines = new ArrayList<>(table.lines());
        results.stream()
                .map(RivalsResult::result)
                .filter(result -> !result.note().isEmpty())
                .forEach(result -> lines.add(result.benchCase().name() + ": " + result.note()));
        return lines;
    }

    private List<String> cells(RivalsResult row) {
        BenchResult result = row.result();
        List<String> cells = new ArrayList<>(
                List.of(result.benchCase().name(), result.benchCase().unit()));
        rivals.forEach(rival -> cells.add(row.cell(rival)));
        cells.addAll(List.of(
                BenchResult.number(result.ratio()), result.benchCase().goal().text(), BenchTable.verdict(result)));
        return cells;
    }

    /** As {@link BenchTable#json}, and with the key rivals: median, min, max and rounds of each by its name. */
    @Override
    public String json() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RivalsResult row : results) {
            Map<String, Object> object = BenchTable.row(row.result());
            object.put("rivals", row.rivals());
            rows.add(object);
        }
        return BenchTable.json(rows);
    }

    @Override
    public boolean complete() {
        return results.stream().allMatch(RivalsResult::measured);
    }
}
