package io.evenkeel.protocols.lease;

import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table for people. */
public final class LeaseDump {
    private LeaseDump() {}

    /**
     * One line for the founding, then one a row, by address.
     *
     * @param me whose row to mark, may be null
     * @param judged what else there is to say of a row
     */
    public static String text(Snapshot snapshot, @Nullable LeaseIdentity me, Function<LeaseRow, String> judged) {
        StringBuilder text = new StringBuilder("founder epoch ")
                .append(snapshot.founder().epoch())
                .append(" by ")
                .append(snapshot.founder().address())
                .append('\n');
        new TreeMap<>(snapshot.rows())
                .values()
                .forEach(r -> text.append(String.format(
                        "%-24s %-22s %-5s view=%s/%d beat=%d age=%dms lease=%dms incarnation=%x %s%n",
                        r.who().name(),
                        r.who().physicalAddress(),
                        r.coordinator() ? "coord" : "",
                        r.viewId(),
                        r.viewSize(),
                        r.beat(),
                        r.ageMs(),
                        r.leaseMs(),
                        r.incarnation(),
                        me != null && r.address().equals(me.address()) ? "(this member)" : judged.apply(r))));
        return text.toString();
    }
}
