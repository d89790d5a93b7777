package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.member.RoundTrips;

/**
 * A round of one contender in which a node leaves, is started again and joins.
 *
 * @param quiet the requests before
 * @param leave from the order to leave to the end of the process
 * @param start from the start of the new process to the view that has it
 * @param join from that view to the moment at which all entries have their owners again
 * @param receivedBytes of all messages that all nodes received in the cycle
 * @param lost entries that are not there any more
 */
record CycleSample(Grid.Outcome quiet, Part leave, Part start, Part join, long receivedBytes, long lost) {
    private static final double BYTES_PER_MB = 1e6;

    /** A part of the cycle, and the requests in it. */
    record Part(double seconds, Grid.Outcome users) {}

    double seconds() {
        return leave.seconds() + start.seconds() + join.seconds();
    }

    Grid.Outcome all() {
        return leave.users().plus(start.users()).plus(join.users());
    }

    RoundTrips allTrips() {
        return all().trips();
    }

    double receivedMb() {
        return receivedBytes / BYTES_PER_MB;
    }

    long failed() {
        return quiet.failed() + all().failed();
    }
}
