package io.evenkeel.it.node;

import java.util.List;

/**
 * A JGroups view as a node logs it.
 *
 * @param id as JGroups prints it, {@code coordinator|number}
 * @param members logical names, the coordinator first
 */
public record ClusterView(String id, List<String> members) {
    public ClusterView {
        members = List.copyOf(members);
    }

    public String coordinator() {
        return members.get(0);
    }

    public int size() {
        return members.size();
    }
}
