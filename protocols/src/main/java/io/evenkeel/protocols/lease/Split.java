package io.evenkeel.protocols.lease;

import java.util.List;

/**
 * The sides of a split as one member counts them: by the rows of the table, which all sides read, never by what a
 * coordinator says of its own view. A coordinator that was stopped and goes on still claims the members that have left
 * it meanwhile; their rows bear another view.
 *
 * @param viewId our view when this was counted
 * @param ownMembers rows that bear a view of our coordinator, with our own
 * @param rivals live coordinators that do not have us in their view
 */
public record Split(String viewId, int ownMembers, List<Rival> rivals) {
    /** No other side is known. */
    public static final Split NONE = new Split("", 0, List.of());

    /**
     * A live coordinator of another view.
     *
     * @param coordinator its row
     * @param members rows that bear a view of it
     */
    public record Rival(LeaseRow coordinator, int members) {}

    /** The rows of the rivals. */
    public List<LeaseRow> coordinators() {
        return rivals.stream().map(Rival::coordinator).toList();
    }
}
