package io.evenkeel.it.bench.transport;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How long and how often things are done.
 *
 * @param rounds how often each variant of each case is measured
 * @param quick a first look instead of figures to publish: shorter, fewer variants
 * @param jdk25 a JDK 25 to measure on too, beside the one that runs this
 */
public record TransportScale(int rounds, boolean quick, Optional<Path> jdk25) {}
