package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.ids.ProtocolIds;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.pbcast.GMS;
import org.jspecify.annotations.Nullable;

/**
 * The physical addresses of members, in the very message that brings their view.
 *
 * <p>A member that has installed a view may talk to a new member at once, and reads that member's row a moment later:
 * JGroups would drop what it sends meanwhile (JGRP000032). Joiners of one view, of which none has seen the other's row,
 * are in the same place.
 */
final class ViewAddresses {
    /**
     * Members whose addresses a view brings: the youngest, as a view lists its members in the order of their joins. A
     * join response brings those of all.
     */
    static final int YOUNGEST = 32;

    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);

    private final Function<Address, PingData> known;
    private final BooleanSupplier understood;

    /**
     * Has attached nothing yet.
     *
     * @param known where a member is, as far as this member knows; null where it does not
     * @param understood whether all receivers can read the header
     */
    ViewAddresses(Function<Address, PingData> known, BooleanSupplier understood) {
        this.known = known;
        this.understood = understood;
    }

    /**
     * Attaches the addresses to a message of GMS that brings a view; leaves any other alone.
     *
     * @param view the view that this member has installed last; null for none
     */
    void attach(Message message, @Nullable View view) {
        if (view == null || !(message.getHeader(GMS_ID) instanceof GMS.GmsHeader header)) {
            return;
        }
        List<Address> members = members(header.getType(), view);
        if (!members.isEmpty() && understood.getAsBoolean()) {
            List<PingData> data =
                    members.stream().map(known).filter(Objects::nonNull).toList();
            message.putHeader(ProtocolIds.VIEW_ADDRESSES_HEADER_ID, new ViewAddressesHeader(data));
        }
    }

    private static List<Address> members(byte type, View view) {
        List<Address> all = view.getMembers();
        return switch (type) {
            case GMS.GmsHeader.JOIN_RSP -> all;
            case GMS.GmsHeader.VIEW -> all.subList(Math.max(0, all.size() - YOUNGEST), all.size());
            default -> List.of();
        };
    }

    /** Hands out the addresses that came with a message, if any did. */
    static void read(Message message, Consumer<PingData> learn) {
        if (message.getHeader(ProtocolIds.VIEW_ADDRESSES_HEADER_ID) instanceof ViewAddressesHeader header) {
            header.members().forEach(learn);
        }
    }
}
