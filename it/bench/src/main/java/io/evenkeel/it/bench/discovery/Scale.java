package io.evenkeel.it.bench.discovery;

import java.time.Duration;

/**
 * Durations and repetitions.
 *
 * @param rounds of the cases on real Keycloak nodes and of the split
 * @param raceRounds of each size of the founders' race
 * @param hang how long the database hangs
 * @param outage how long the database is stopped
 * @param afterOutage how long the nodes are watched after its return
 * @param rowBound how long a dead coordinator's row is watched
 * @param load how long the simulated members beat while they are measured
 * @param variants whether to measure what needs more starts of nodes
 */
public record Scale(
        int rounds,
        int raceRounds,
        Duration hang,
        Duration outage,
        Duration afterOutage,
        Duration rowBound,
        Duration load,
        boolean variants) {

    /** A second more than stock takes a row for valid: a shorter outage has no aftermath there. */
    private static final Duration OUTAGE = Duration.ofSeconds(61);

    /** For the figures in docs/benchmarks/discovery.md. */
    public static Scale full(int rounds, int raceRounds) {
        return new Scale(
                rounds,
                raceRounds,
                Duration.ofMinutes(1),
                OUTAGE,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                true);
    }

    /** For a first look. */
    public static Scale quick(int rounds, int raceRounds) {
        return new Scale(
                rounds,
                raceRounds,
                Duration.ofSeconds(20),
                OUTAGE,
                Duration.ofSeconds(40),
                Duration.ofSeconds(25),
                Duration.ofSeconds(12),
                false);
    }
}
