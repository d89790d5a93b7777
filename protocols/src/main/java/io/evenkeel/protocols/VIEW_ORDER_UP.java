package io.evenkeel.protocols;

import io.evenkeel.protocols.ids.ProtocolIds;
import org.jgroups.Event;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Keeps views in order for everything above it: flow control, fragmentation, the application.
 *
 * <p>Without it an older view that comes late takes members out of UFC and MFC that are still there, their requests for
 * credits are not answered, and they block for ever (JGRP-3036). JGroups 5.5.7 tells of views while GMS holds its lock,
 * and needs this protocol no more; it does no harm there.
 */
@MBean(description = "Keeps views in order for the protocols above GMS")
public class VIEW_ORDER_UP extends ViewOrder {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.VIEW_ORDER_UP_ID, VIEW_ORDER_UP.class);
    }

    @Override
    public @Nullable Object up(Event event) {
        if (event.getType() != Event.VIEW_CHANGE) {
            return super.up(event);
        }
        inOrder(event.getArg(), () -> up_prot.up(event));
        return null;
    }

    @Override
    Protocol towardsGms(Protocol protocol) {
        return protocol.getDownProtocol();
    }

    @Override
    String place() {
        return "directly above pbcast.GMS";
    }
}
