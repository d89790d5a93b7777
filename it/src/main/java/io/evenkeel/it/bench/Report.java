package io.evenkeel.it.bench;

import java.util.List;

/** What a benchmark found. */
public interface Report {
    /** For people. */
    List<String> lines();

    /** For programs: an array of objects, one a row. */
    String json();

    /** Whether no row had to be left out. */
    boolean complete();
}
