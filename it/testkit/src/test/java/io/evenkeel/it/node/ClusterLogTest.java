package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterLogTest {
    private static final String START =
            "2026-11-22 11:35:55,614 INFO  [org.infinispan.CLUSTER] (executor-thread-1) ISPN000078:"
                    + " Starting JGroups channel `ISPN` with stack `jdbc-ping`";
    private static final String ALONE =
            "2026-11-22 11:35:55,754 INFO  [org.infinispan.CLUSTER] (executor-thread-1) ISPN000094:"
                    + " Received new cluster view for channel ISPN: [node1(v=16.0.14)|0] (1) [node1(v=16.0.14)]";
    private static final String ADDRESS =
            "2026-11-22 11:35:55,854 INFO  [org.infinispan.CLUSTER] (executor-thread-1) ISPN000079:"
                    + " Channel `ISPN` local address is `node1`, physical addresses are `[127.0.0.1:23459]`";
    private static final String BOTH =
            "2026-11-22 11:36:07,080 INFO  [org.infinispan.CLUSTER] (jgroups-5,node1(v=16.0.14))"
                    + " ISPN000094: Received new cluster view for channel ISPN: [node1(v=16.0.14)|1] (2)"
                    + " [node1(v=16.0.14),"
                    + " node2(v=16.0.14)]";
    private static final String MERGED =
            "2026-11-22 11:40:00,001 INFO  [org.infinispan.CLUSTER] (jgroups-9,node1(v=16.0.14))"
                    + " ISPN000093: Received new, MERGED cluster view for channel ISPN:"
                    + " MergeView::[node2(v=16.0.14)|4] (2)"
                    + " [node2(v=16.0.14), node1(v=16.0.14)], 2 subgroups: [node1(v=16.0.14)|2] (1) [node1(v=16.0.14)],"
                    + " [node2(v=16.0.14)|3] (1) [node2(v=16.0.14)]";
    private static final List<String> LOG =
            List.of("JAVA_OPTS_KC_HEAP already set in environment", START, ALONE, ADDRESS, BOTH);

    @Test
    void lastViewIsTheOneInstalledLast() {
        assertThat(ClusterLog.lastView(LOG)).contains(new ClusterView("node1|1", List.of("node1", "node2")));
        assertThat(ClusterLog.lastView(LOG).orElseThrow().coordinator()).isEqualTo("node1");
    }

    @Test
    void mergedViewHasItsOwnMembersNotThoseOfTheSubgroups() {
        assertThat(ClusterLog.lastView(List.of(BOTH, MERGED)))
                .contains(new ClusterView("node2|4", List.of("node2", "node1")));
    }

    @Test
    void noViewWithoutALine() {
        assertThat(ClusterLog.lastView(List.of(START, ADDRESS))).isEmpty();
    }

    @Test
    void viewChangesComeInTheirOrderWithTheirTimes() {
        assertThat(ClusterLog.viewChanges(LOG))
                .containsExactly(
                        new ViewChange(
                                LocalDateTime.parse("2026-11-22T11:35:55.754"),
                                new ClusterView("node1|0", List.of("node1"))),
                        new ViewChange(
                                LocalDateTime.parse("2026-11-22T11:36:07.080"),
                                new ClusterView("node1|1", List.of("node1", "node2"))));
    }

    @Test
    void localNameAndPhysicalAddress() {
        assertThat(ClusterLog.localName(LOG)).contains("node1");
        assertThat(ClusterLog.physicalAddress(LOG)).contains("127.0.0.1:23459");
    }

    @Test
    void startToViewCountsFromTheChannelToTheFirstViewOfThatSize() {
        assertThat(ClusterLog.startToView(LOG, 1)).contains(Duration.ofMillis(140));
        assertThat(ClusterLog.startToView(LOG, 2)).contains(Duration.ofMillis(11_466));
        assertThat(ClusterLog.startToView(LOG, 3)).isEmpty();
        assertThat(ClusterLog.startToView(List.of(BOTH), 2)).isEmpty();
    }

    @Test
    void rebalancesAndTheChannelHaveTheirTimes() {
        String begun = "2026-11-22 11:36:08,000 INFO  [org.infinispan.CLUSTER] (non-blocking-thread-1)"
                + " [Context=sessions] ISPN100002: Starting rebalance with members [node1, node2], phase"
                + " READ_OLD_WRITE_ALL";
        String finished = "2026-11-22 11:36:09,500 INFO  [org.infinispan.CLUSTER] (non-blocking-thread-1)"
                + " [Context=sessions] ISPN100010: Finished rebalance with members [node1, node2], topology id 5";

        assertThat(ClusterLog.rebalancesFinished(List.of(START, begun, finished)))
                .containsExactly(LocalDateTime.parse("2026-11-22T11:36:09.500"));
        assertThat(ClusterLog.channelStart(LOG)).contains(LocalDateTime.parse("2026-11-22T11:35:55.614"));
        assertThat(ClusterLog.channelStart(List.of(BOTH))).isEmpty();
    }

    @Test
    void rebalancesAtOnceAreCounted() {
        List<String> lines = List.of(
                "[Context=a] ISPN100002: Starting rebalance with members [node1, node2]",
                "[Context=a] ISPN100010: Finished rebalance with members [node1, node2], topology id 5",
                "[Context=b] ISPN100002: Starting rebalance with members [node1, node2]",
                "[Context=a] ISPN100002: Starting rebalance with members [node1, node2]",
                "[Context=b] ISPN100010: Finished rebalance with members [node1, node2], topology id 5",
                "[Context=c] ISPN100002: Starting rebalance with members [node1, node2]");

        assertThat(ClusterLog.mostRebalancesAtOnce(lines)).isEqualTo(2);
        assertThat(ClusterLog.mostRebalancesAtOnce(lines.subList(0, 3))).isEqualTo(1);
        assertThat(ClusterLog.mostRebalancesAtOnce(List.of(START))).isZero();
    }

    @Test
    void tlsOfStockIsKnownByKeycloaksLine() {
        String line = "2026-11-22 11:35:54,000 INFO  [org.keycloak.spi.infinispan.impl.embedded.JGroupsConfigurator]"
                + " (executor-thread-1) JGroups Encryption enabled (mTLS).";
        assertThat(ClusterLog.tls(List.of(START, line))).contains("mTLS (cipher not logged)");
        assertThat(ClusterLog.tls(LOG)).isEmpty();
    }
}
