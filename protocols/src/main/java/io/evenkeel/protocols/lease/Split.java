package io.evenkeel.protocols.lease;

import java.util.List;

/**
 * The sides of a split as one member counts them: by the rows of the table, which all sides read, never by what a
 * coordinator says of its own view. A coordinator that was stopped and goes on still claims the members that have left
 * it meanwhile; their rows bear another view.
 *
 * @param viewId our view when this was counted
 * @param ownMembers rows that bear a view of our coordinator, with our own
 * @param otherSides the views of other live coordinators, which do not have us in them
 */
public record Split(String viewId, int ownMembers, List<Side> otherSides) {
    /** No other side is known. */
    public static final Split NONE = new Split("", 0, List.of());

    /**
     * A live coordinator of another view.
     *
     * @param coordinator its row
     * @param members rows that bear a view of it
     */
    public record Side(LeaseRow coordinator, int members) {}

    /** The coordinators of the other sides. */
    public List<LeaseRow> coordinators() {
        return otherSides.stream().map(Side::coordinator).toList();
    }
}
