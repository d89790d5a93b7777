package io.evenkeel.stacks.cli;

import io.evenkeel.stacks.cli.core.Cell;
import io.evenkeel.stacks.cli.core.ClusterStatus;
import io.evenkeel.stacks.cli.core.Finding;
import io.evenkeel.stacks.cli.core.NodeStatus;
import java.util.List;
import java.util.Locale;

/** A status as one page of HTML that has no script and loads nothing. */
final class StatusPage {
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Cluster %1$s</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%%; }
            th, td { text-align: left; padding: .4rem .7rem; border-bottom: 1px solid #8886; vertical-align: top; }
            th { font-weight: 600; }
            .scroll { overflow-x: auto; }
            .unknown { opacity: .6; cursor: help; }
            .critical { color: #c62828; font-weight: 600; }
            .warning { color: #b26a00; font-weight: 600; }
            progress { width: 8rem; display: block; }
            </style>
            </head>
            <body>
            <h1>Cluster %1$s</h1>
            <p>%2$s. Seen at <time datetime="%3$s">%3$s</time>.</p>
            """;

    private final StringBuilder page = new StringBuilder();

    private StatusPage() {}

    static String of(ClusterStatus status) {
        StatusPage page = new StatusPage();
        page.page.append(HEAD.formatted(escaped(status.cluster()), escaped(status.summary()), status.at()));
        page.nodes(status);
        page.unknown(status);
        page.findings(status);
        return page.page.append("</body>\n</html>\n").toString();
    }

    private void nodes(ClusterStatus status) {
        if (status.nodes().isEmpty()) {
            return;
        }
        page.append("<div class=\"scroll\"><table id=\"nodes\">\n<thead><tr><th>Node</th><th>Address</th>");
        status.nodes()
                .get(0)
                .cells()
                .keySet()
                .forEach(column ->
                        element("th", "", column.substring(0, 1).toUpperCase(Locale.ROOT) + column.substring(1)));
        page.append("</tr></thead>\n<tbody>\n");
        for (NodeStatus node : status.nodes()) {
            page.append("<tr>");
            element("td", "", node.name());
            element("td", "", node.address());
            node.cells().forEach((column, cell) -> cell(column, cell, node));
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }

    private void cell(String column, Cell cell, NodeStatus node) {
        if (cell.unknown().isPresent()) {
            element("td", " class=\"unknown\" title=\"" + escaped(cell.unknown().get()) + "\"", cell.text());
        } else if (column.equals("state") && node.progress() >= 0) {
            page.append("<td>").append(escaped(cell.text()));
            page.append(
                    String.format(Locale.ROOT, "<progress value=\"%.3f\" max=\"1\"></progress></td>", node.progress()));
        } else {
            element("td", "", cell.text());
        }
    }

    private void unknown(ClusterStatus status) {
        List<String> reasons = StatusReport.unknown(status);
        if (!reasons.isEmpty()) {
            page.append("<h2>Not known</h2>\n<ul id=\"unknown\">\n");
            reasons.forEach(reason -> element("li", "", reason));
            page.append("</ul>\n");
        }
    }

    private void findings(ClusterStatus status) {
        page.append("<h2>Findings</h2>\n");
        if (status.findings().isEmpty()) {
            element("p", " id=\"findings\"", "None.");
            return;
        }
        page.append(
                "<div class=\"scroll\"><table id=\"findings\">\n<thead><tr><th>Severity</th><th>Code</th><th>What</th>"
                        + "<th>Remedy</th></tr></thead>\n<tbody>\n");
        for (Finding finding : status.findings()) {
            String severity = finding.severity().name().toLowerCase(Locale.ROOT);
            page.append("<tr>");
            element("td", " class=\"" + severity + "\"", severity);
            element("td", "", finding.code().name());
            element("td", "", finding.subject() + ": " + finding.detail());
            element("td", "", finding.remedy());
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }

    private void element(String name, String attributes, String text) {
        page.append('<').append(name).append(attributes).append('>');
        page.append(escaped(text)).append("</").append(name).append('>');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
