package io.evenkeel.it.bench;

import java.util.function.Function;

/**
 * A case that is measured in the surroundings that its benchmark's cases share.
 *
 * @param measurement made anew for each run
 * @param <L> the surroundings
 */
public record LabCase<L>(String label, String description, Function<L, Measurement> measurement)
        implements Measurement.Case {}
