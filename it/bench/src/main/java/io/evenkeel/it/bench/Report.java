package io.evenkeel.it.bench;

import java.util.List;

/** The findings of a benchmark. */
public interface Report {
    /** For people. */
    List<String> lines();

    /** For programs: an array of objects, one a row. */
    String json();

    /** True if no row had to be left out. */
    boolean complete();
}
