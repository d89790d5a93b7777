package io.evenkeel.stacks.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.stacks.cli.core.Cell;
import io.evenkeel.stacks.cli.core.ClusterStatus;
import io.evenkeel.stacks.cli.core.Finding;
import io.evenkeel.stacks.cli.core.NodeStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A status for people and for programs. */
final class StatusReport {
    private StatusReport() {}

    /** A table, then the reasons for what is not known, then the findings. */
    static List<String> lines(ClusterStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add("Cluster " + status.cluster() + " at " + status.at() + ": " + status.summary());
        if (!status.nodes().isEmpty()) {
            lines.add("");
            lines.addAll(aligned(rows(status)));
        }
        List<String> unknown = unknown(status);
        if (!unknown.isEmpty()) {
            lines.add("");
            unknown.forEach(reason -> lines.add("? " + reason));
        }
        if (!status.findings().isEmpty()) {
            lines.add("");
            status.findings().forEach(finding -> lines.add(line(finding)));
            lines.add("The doctor command names the remedies.");
        }
        return lines;
    }

    private static String line(Finding finding) {
        return finding.severity() + "  " + finding.code() + "  " + finding.subject() + ": " + finding.detail();
    }

    private static List<List<String>> rows(ClusterStatus status) {
        List<List<String>> rows = new ArrayList<>();
        for (NodeStatus node : status.nodes()) {
            if (rows.isEmpty()) {
                List<String> head = new ArrayList<>(List.of("NODE", "ADDRESS"));
                node.cells().keySet().forEach(column -> head.add(column.toUpperCase(Locale.ROOT)));
                rows.add(head);
            }
            List<String> row = new ArrayList<>(List.of(node.name(), node.address()));
            node.cells().values().forEach(cell -> row.add(cell.text()));
            rows.add(row);
        }
        return rows;
    }

    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(each -> each.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Each reason once, with the columns that it leaves empty. */
    static List<String> unknown(ClusterStatus status) {
        List<String> all = new ArrayList<>();
        for (NodeStatus node : status.nodes()) {
            Map<String, TreeSet<String>> columns = new LinkedHashMap<>();
            node.cells().forEach((column, cell) -> cell.unknown()
                    .ifPresent(reason -> columns.computeIfAbsent(reason, none -> new TreeSet<>())
                            .add(column)));
            columns.forEach((reason, of) -> all.add(node.name() + ", " + String.join(", ", of) + ": " + reason));
        }
        return all;
    }

    static String json(ClusterStatus status) throws JsonProcessingException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("cluster", status.cluster());
        root.put("at", status.at().toString());
        root.put("summary", status.summary());
        root.put("nodes", status.nodes().stream().map(StatusReport::node).toList());
        root.put(
                "findings",
                status.findings().stream().map(DoctorReport::finding).toList());
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static Map<String, Object> node(NodeStatus node) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", node.name());
        row.put("address", node.address());
        Map<String, Object> unknown = new LinkedHashMap<>();
        node.cells().forEach((column, cell) -> {
            row.put(column, known(cell));
            cell.unknown().ifPresent(reason -> unknown.put(column, reason));
        });
        row.put("progress", node.progress() < 0 ? null : node.progress());
        row.put("unknown", unknown);
        return row;
    }

    private static @Nullable String known(Cell cell) {
        return cell.unknown().isPresent() ? null : cell.text();
    }
}
