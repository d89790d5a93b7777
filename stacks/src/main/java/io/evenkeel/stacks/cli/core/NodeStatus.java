package io.evenkeel.stacks.cli.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One node as the status shows it.
 *
 * @param progress of the state that comes to it, from 0 to 1; negative while none comes or nobody knows
 * @param cells by the column's name, in the order of the columns
 */
public record NodeStatus(String name, String address, double progress, Map<String, Cell> cells) {
    public NodeStatus {
        cells = new LinkedHashMap<>(cells);
    }
}
