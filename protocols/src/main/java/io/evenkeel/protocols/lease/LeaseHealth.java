package io.evenkeel.protocols.lease;

/** The health of this member: whether it is on the side of a split that should serve users. */
public sealed interface LeaseHealth {

    /** In a view, and no better cluster of the same name is known. */
    record Healthy() implements LeaseHealth {}

    /** On the losing side of a split. */
    record Unhealthy(String reason) implements LeaseHealth {}

    /** Not known yet. */
    record Unknown(String reason) implements LeaseHealth {}

    /**
     * The side with more members wins, then the lower address of the coordinator; a coordinator that has installed a
     * view without us wins over the one we still have of it. A function of the last snapshot that could be read, so an
     * outage of the database never changes it.
     *
     * @param view our view
     * @param split the sides as last counted, maybe under an earlier view
     */
    static LeaseHealth of(ViewInfo view, Split split) {
        if (!view.joined()) {
            return new Unknown("not in a view yet");
        }
        boolean counted = split.viewId().equals(view.id());
        int own = counted ? split.ownMembers() : view.members().size();
        return split.otherSides().stream()
                .filter(r ->
                        (counted || !view.members().contains(r.coordinator().address())) && wins(r, view, own))
                .findFirst()
                .<LeaseHealth>map(r -> new Unhealthy("split: " + r.coordinator().label() + " coordinates view "
                        + r.coordinator().viewId() + " with " + r.members()
                        + " members in the lease table and wins over"
                        + " our view " + view.id() + " with " + own
                        + "; look at the network between the two, they merge once it is back"))
                .orElseGet(Healthy::new);
    }

    /**
     * The health of a member that was stopped and has not read the lease table since.
     *
     * @param stoppedMs for how long, 0 if it was not
     * @param otherwise its health if it was not stopped
     */
    static LeaseHealth afterStop(long stoppedMs, LeaseHealth otherwise) {
        return stoppedMs == 0 || !(otherwise instanceof Healthy)
                ? otherwise
                : new Unhealthy("this process was stopped for " + stoppedMs + " ms, longer than a lease; whether the"
                        + " others went on without it is known once the lease table has been read");
    }

    private static boolean wins(Split.Side side, ViewInfo view, int own) {
        String address = side.coordinator().address();
        return address.equals(view.coordinator())
                || side.members() > own
                || (side.members() == own && address.compareTo(view.coordinator()) < 0);
    }
}
