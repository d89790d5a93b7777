package io.evenkeel.it.node;

/** Told about each step that takes time. */
@FunctionalInterface
public interface Progress {
    Progress SILENT = step -> {};

    /** Called when a step begins. */
    void step(String step);
}
