package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.LabCase;
import java.util.List;
import java.util.Set;

/** The cases of the benchmark of discovery. */
public final class DiscoveryCases {
    /** In the order that needs the fewest starts of a node. */
    public static final List<LabCase<Lab>> ALL = List.of(
            new LabCase<>("coordinator-row", "kill -9 of the coordinator: its row", CoordinatorRowCase::new),
            new LabCase<>("hang", "a member is killed while the database hangs", HangCase::new),
            new LabCase<>("restart", "kill -9 of both nodes, one comes back, ports refused", RestartCase::new),
            new LabCase<>("clocks", "the nodes' clocks are apart", ClockCase::new),
            new LabCase<>("outage", "the database is stopped and comes back", OutageCase::new),
            new LabCase<>(
                    "silent",
                    "kill -9 of both nodes, one comes back, the other's address is silent",
                    lab -> lab.inNamespaces(SilentCase.CASE, new SilentCase(lab))),
            new LabCase<>("race", "2, 5 and 20 members start at once on an empty table", RaceCase::new),
            new LabCase<>(
                    "split",
                    "5 members split into 3 and 2, healed",
                    lab -> lab.inNamespaces(SplitCase.CASE, new SplitCase(lab))),
            new LabCase<>("load", "1,000 simulated members beat on one PostgreSQL", LoadCase::new));

    private static final Set<String> LONG = Set.of("outage", "clocks", "silent", "split");

    /** The cases that fit into five minutes together. */
    public static final List<LabCase<Lab>> QUICK =
            ALL.stream().filter(each -> !LONG.contains(each.label())).toList();

    private DiscoveryCases() {}
}
