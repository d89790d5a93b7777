package io.evenkeel.protocols.lease;

import java.util.List;

/** Whether this member is on the side of the cluster that should serve users. */
public sealed interface LeaseHealth {

    /** In a view, and no better cluster of the same name is known. */
    record Healthy() implements LeaseHealth {}

    /** On the losing side of a split. */
    record Unhealthy(String reason) implements LeaseHealth {}

    /** Not known yet. */
    record Unknown(String reason) implements LeaseHealth {}

    /**
     * The side with more members wins, then the lower address of the coordinator. A function of the last snapshot that could
     * be read, so an outage of the database never changes it.
     *
     * @param view our view
     * @param rivals live coordinators outside of it, as last seen
     */
    static LeaseHealth of(ViewInfo view, List<LeaseRow> rivals) {
        if (!view.joined()) {
            return new Unknown("not in a view yet");
        }
        return rivals.stream()
                .filter(r -> !view.members().contains(r.address()) && wins(r, view))
                .findFirst()
                .<LeaseHealth>map(r -> new Unhealthy("split: " + r.label() + " coordinates view " + r.viewId() + " of "
                        + r.viewSize() + " members and wins over our view " + view.id() + " of "
                        + view.members().size() + "; look at the network between the two, they merge once it is back"))
                .orElseGet(Healthy::new);
    }

    private static boolean wins(LeaseRow rival, ViewInfo view) {
        int size = view.members().size();
        return rival.viewSize() > size
                || (rival.viewSize() == size && rival.address().compareTo(view.coordinator()) < 0);
    }
}
