package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.ids.ProtocolIds;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jgroups.Global;
import org.jgroups.Header;
import org.jgroups.protocols.PingData;

/** Names and physical addresses of members of the view that the message brings, see {@link ViewAddresses}. */
public final class ViewAddressesHeader extends Header {
    private final List<PingData> members;

    /** For JGroups, which reads the rest. */
    public ViewAddressesHeader() {
        this(List.of());
    }

    ViewAddressesHeader(List<PingData> members) {
        this.members = new ArrayList<>(members);
    }

    List<PingData> members() {
        return members;
    }

    @Override
    public short getMagicId() {
        return ProtocolIds.VIEW_ADDRESSES_HEADER_MAGIC;
    }

    @Override
    public Supplier<? extends Header> create() {
        return ViewAddressesHeader::new;
    }

    @Override
    public int serializedSize() {
        return Global.SHORT_SIZE
                + members.stream().mapToInt(PingData::serializedSize).sum();
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeShort(members.size());
        for (PingData member : members) {
            member.writeTo(out);
        }
    }

    @Override
    public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            PingData member = new PingData();
            member.readFrom(in);
            members.add(member);
        }
    }

    @Override
    public String toString() {
        return "addresses of " + members.size() + " members";
    }
}
