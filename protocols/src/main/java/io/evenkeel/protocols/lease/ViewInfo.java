package io.evenkeel.protocols.lease;

import java.util.Set;

/**
 * The view a member is in, in the words of the table.
 *
 * @param id the view's id as text: its creator, {@value #SEPARATOR}, its number; empty for {@link #NONE}
 * @param coordinator address of its coordinator
 * @param members addresses in view order
 */
public record ViewInfo(String id, String coordinator, Set<String> members) {
    public static final ViewInfo NONE = new ViewInfo("", "", Set.of());

    /** Between the creator and the number of a view's id. */
    public static final char SEPARATOR = '|';

    public boolean joined() {
        return !id.isEmpty();
    }

    /** Address of the coordinator that installed a view, empty for an empty id. */
    static String creator(String viewId) {
        return viewId.substring(0, Math.max(0, viewId.lastIndexOf(SEPARATOR)));
    }

    /** Number of a view; a later view of the same members has a greater one. -1 if the id bears none. */
    static long number(String viewId) {
        try {
            return Long.parseLong(viewId.substring(viewId.lastIndexOf(SEPARATOR) + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
