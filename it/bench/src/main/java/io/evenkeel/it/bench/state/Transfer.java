package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.Pacing;

/**
 * A join or a leave.
 *
 * @param seconds until all entries had their owners, from the view of a join or from the order to leave
 * @param users what the requests of the nodes that stay saw meanwhile
 * @param pacing what STATE_FC did meanwhile
 * @param receivedBytes of all messages that all nodes received meanwhile; before the view too in a join
 */
record Transfer(double seconds, Grid.Outcome users, Pacing pacing, long receivedBytes) {
    private static final double BYTES_PER_MB = 1e6;

    double receivedMb() {
        return receivedBytes / BYTES_PER_MB;
    }
}
