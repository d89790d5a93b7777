package io.evenkeel.protocols;

import io.evenkeel.protocols.ids.ProtocolIds;
import org.jgroups.Event;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Keeps views in order for everything below it: retransmission, failure detection, discovery, the transport.
 *
 * <p>Without it an older view that comes late makes NAKACK2 forget what it has received from members that are still
 * there, and the transport send multicasts to fewer members than there are, until the next view (JGRP-3036).
 */
@MBean(description = "Keeps views in order for the protocols below GMS")
public class VIEW_ORDER_DOWN extends ViewOrder {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.VIEW_ORDER_DOWN_ID, VIEW_ORDER_DOWN.class);
    }

    @Override
    public @Nullable Object down(Event event) {
        if (event.getType() != Event.VIEW_CHANGE) {
            return super.down(event);
        }
        inOrder(event.getArg(), () -> down_prot.down(event));
        return null;
    }

    @Override
    Protocol towardsGms(Protocol protocol) {
        return protocol.getUpProtocol();
    }

    @Override
    String place() {
        return "directly below pbcast.GMS";
    }
}
