package io.evenkeel.it.node;

import io.evenkeel.it.TextTable;
import java.util.List;
import java.util.Optional;

/** The table of a cluster's nodes, from what their logs say. */
public final class ClusterTable {
    private ClusterTable() {}

    public static List<String> lines(KeycloakCluster cluster) {
        TextTable table = new TextTable("NODE", "URL", "PHYSICAL ADDRESS", "COORDINATOR", "VIEW", "TLS");
        for (KeycloakNode node : cluster.nodes()) {
            addRow(table, node.name(), node.url("").toString(), node.log().lines());
        }
        return table.lines();
    }

    static void addRow(TextTable table, String name, String url, List<String> log) {
        Optional<ClusterView> view = ClusterLog.lastView(log);
        Optional<String> localName = ClusterLog.localName(log);
        boolean coordinator = view.isPresent() && localName.equals(view.map(ClusterView::coordinator));
        table.row(
                name,
                url,
                ClusterLog.physicalAddress(log).orElse("unknown"),
                coordinator ? "yes" : "no",
                view.map(v -> v.id() + " (" + v.size() + ")").orElse("none"),
                ClusterLog.tls(log).orElse("none"));
    }
}
