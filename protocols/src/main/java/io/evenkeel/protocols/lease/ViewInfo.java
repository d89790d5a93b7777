package io.evenkeel.protocols.lease;

import java.util.Set;

/**
 * The view a member is in, in the words of the table.
 *
 * @param id the view's id as text, empty for {@link #NONE}
 * @param coordinator address of its coordinator
 * @param members addresses in view order
 */
public record ViewInfo(String id, String coordinator, Set<String> members) {
    public static final ViewInfo NONE = new ViewInfo("", "", Set.of());

    public boolean joined() {
        return !id.isEmpty();
    }
}
