package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Goal;

/**
 * The goals of Evenkeel in a case.
 *
 * @param time of a join and of a leave
 * @param joinBound of a join, beside it
 * @param p90 of the users during a transfer by that of the quiet time before
 * @param p99 the same
 * @param p99Ms of the users during a transfer, in ms
 * @param beatsChunk16 whether that has also to be below the one of chunk-16
 */
record Goals(Goal time, Goal joinBound, Goal p90, Goal p99, Goal p99Ms, boolean beatsChunk16) {
    /** Only the time, at most that many times stock's. */
    static Goals time(double factor) {
        Goal none = Goal.none();
        return new Goals(Goal.atMostTimesStock(factor), none, none, none, none, false);
    }

    Goals withJoinBound(double boundS) {
        return new Goals(time, Goal.atMost(boundS), p90, p99, p99Ms, beatsChunk16);
    }

    Goals withP90(double timesQuiet) {
        return new Goals(time, joinBound, Goal.atMost(timesQuiet), p99, p99Ms, beatsChunk16);
    }

    Goals withP99(double timesQuiet) {
        return new Goals(time, joinBound, p90, Goal.atMost(timesQuiet), p99Ms, beatsChunk16);
    }

    Goals withP99OfStock() {
        return new Goals(time, joinBound, p90, p99, Goal.atMostTimesStock(1), beatsChunk16);
    }

    Goals beatingChunk16() {
        return new Goals(time, joinBound, p90, p99, p99Ms, true);
    }
}
