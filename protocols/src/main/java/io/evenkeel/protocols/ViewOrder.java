package io.evenkeel.protocols;

import io.evenkeel.protocols.log.GeneralMessages;
import io.evenkeel.protocols.property.ProtocolErrors;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.View;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.conf.AttributeType;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;

/**
 * A protocol beside GMS that keeps views in order for those behind it: they come one after the other, and a view that
 * is out of date does not come at all (see {@link ViewSequence}).
 *
 * <p>GMS tells the protocols below it of a view and then those above, so there is one such protocol on each side. The
 * turn in it is a lock that JGroups never takes. It comes after GMS's own, which GMS has released by then (up to
 * JGroups 5.5.6) or always takes first, and nobody waits for it without a limit: a view whose receivers are stuck
 * delays the next one by {@link ViewSequence#MAX_WAIT_NS}.
 */
abstract class ViewOrder extends Protocol {
    private final ViewSequence views = new ViewSequence();
    private final LongAdder outOfDate = new LongAdder();

    /**
     * Refuses a stack in which this protocol would see no view.
     *
     * @throws IllegalArgumentException if GMS is not on the side that the views come from
     */
    @Override
    public void init() throws Exception {
        super.init();
        boolean found = false;
        for (Protocol each = towardsGms(this); each != null; each = towardsGms(each)) {
            found |= each instanceof GMS;
        }
        if (!found) {
            throw ProtocolErrors.named(
                    this, new IllegalArgumentException("sees no view at its place: put it " + place()));
        }
    }

    @Override
    public void stop() {
        super.stop();
        views.reset();
    }

    @Override
    public void resetStats() {
        super.resetStats();
        outOfDate.reset();
    }

    @ManagedAttribute(
            description =
                    "Views that came after a newer one, or after the end of their connection, and were not passed on",
            type = AttributeType.SCALAR)
    public long getOutOfDateViews() {
        return outOfDate.sum();
    }

    /** The neighbour on the side that views come from. */
    abstract Protocol towardsGms(Protocol protocol);

    /** The place of this protocol in the stack, for the refusal. */
    abstract String place();

    /** Has a view passed on if it is in order. */
    final void inOrder(View view, Runnable passOn) {
        if (!views.deliver(view, local_addr, passOn)) {
            outOfDate.increment();
            GeneralMessages.VIEW_OUT_OF_DATE.to(log, local_addr, view);
        }
    }
}
