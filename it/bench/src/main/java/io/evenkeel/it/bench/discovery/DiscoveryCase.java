package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Measurement;

/** The cases, in the order that needs the fewest starts of a node. */
public enum DiscoveryCase implements Measurement.Case {
    COORDINATOR_ROW("coordinator-row", "kill -9 of the coordinator: its row"),
    HANG("hang", "a member is killed while the database hangs"),
    RESTART("restart", "kill -9 of both nodes, one comes back, ports refused"),
    CLOCKS("clocks", "the nodes' clocks are apart"),
    OUTAGE("outage", "the database is stopped and comes back"),
    SILENT("silent", "kill -9 of both nodes, one comes back, the other's address is silent"),
    RACE("race", "2, 5 and 20 members start at once on an empty table"),
    SPLIT("split", "5 members split into 3 and 2, healed"),
    LOAD("load", "1,000 simulated members beat on one PostgreSQL");

    private final String label;
    private final String description;

    DiscoveryCase(String label, String description) {
        this.label = label;
        this.description = description;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String description() {
        return description;
    }

    Measurement in(Lab lab) {
        return switch (this) {
            case OUTAGE -> new OutageCase(lab);
            case COORDINATOR_ROW -> new CoordinatorRowCase(lab);
            case HANG -> new HangCase(lab);
            case RESTART -> new RestartCase(lab);
            case CLOCKS -> new ClockCase(lab);
            case SILENT -> new SilentCase(lab);
            case RACE -> new RaceCase(lab);
            case SPLIT -> new SplitCase(lab);
            case LOAD -> new LoadCase(lab);
        };
    }
}
