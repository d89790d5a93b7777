package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.TextTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTableTest {
    @Test
    void marksTheCoordinatorByTheNodesOwnLog() {
        TextTable table = new TextTable("NODE", "URL", "ADDRESS", "COORDINATOR", "VIEW", "TLS");
        ClusterTable.addRow(table, "node1", "http://x:1", log("node1"));
        ClusterTable.addRow(table, "node2", "http://x:2", log("node2"));
        ClusterTable.addRow(table, "node3", "http://x:3", List.of());
        assertThat(table.lines())
                .containsExactly(
                        "NODE   URL         ADDRESS         COORDINATOR  VIEW         TLS",
                        "node1  http://x:1  127.0.0.1:7800  yes          node1|1 (2)  none",
                        "node2  http://x:2  127.0.0.1:7800  no           node1|1 (2)  none",
                        "node3  http://x:3  unknown         no           none         none");
    }

    private static List<String> log(String name) {
        return List.of(
                "2026-11-22 11:36:07,080 INFO  [c] (t) ISPN000094: Received new cluster view for channel ISPN:"
                        + " [node1(v=16.0.14)|1] (2) [node1(v=16.0.14), node2(v=16.0.14)]",
                "2026-11-22 11:36:07,081 INFO  [c] (t) ISPN000079: Channel `ISPN` local address is `" + name
                        + "`, physical addresses are `[127.0.0.1:7800]`");
    }
}
