package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.grid.Grid;

/**
 * A round of one contender.
 *
 * @param quiet the requests before the join
 * @param start the requests while the joiner's JVM and channel start
 * @param startSeconds from the start of the joiner's JVM to the view
 * @param lost entries that are not there any more after the leave
 */
record StateSample(
        Grid.Outcome quiet, Grid.Outcome start, double startSeconds, Transfer join, Transfer leave, long lost) {
    long failed() {
        return quiet.failed()
                + start.failed()
                + join.users().failed()
                + leave.users().failed();
    }
}
