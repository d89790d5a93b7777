package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Named;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The order in which nodes are restarted that were started as 1, 2, 3, of which the first is the coordinator to begin
 * with.
 */
public enum RestartOrder implements Named {
    /** As a StatefulSet has it; the coordinator's role moves once. */
    LAST_FIRST("3,2,1"),
    /** The node that is restarted is the coordinator each time. */
    FIRST_FIRST("1,2,3");

    private final String label;

    RestartOrder(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    <T> List<T> of(List<T> startOrder) {
        List<T> ordered = new ArrayList<>(startOrder);
        if (this == LAST_FIRST) {
            Collections.reverse(ordered);
        }
        return ordered;
    }
}
