package io.evenkeel.it.bench;

/** A row of a benchmark before it is measured. */
public record BenchCase(String name, String unit, Goal goal) {}
