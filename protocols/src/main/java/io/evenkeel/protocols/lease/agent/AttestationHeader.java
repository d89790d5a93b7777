package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.LeaseIdentity;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jgroups.Global;
import org.jgroups.Header;
import org.jgroups.util.Bits;

/**
 * The question of one JDBC_PING_LEASE to another whether its row is in the table that the other reads, and the answer.
 */
public final class AttestationHeader extends Header {
    private static final byte QUESTION = 0;

    private static final Attestation.Kind[] ANSWERS = {
        Attestation.Kind.NONE, Attestation.Kind.SEEN, Attestation.Kind.NOT_SEEN, Attestation.Kind.UNREADABLE
    };

    /** {@link #QUESTION}, or the answer's place in {@link #ANSWERS}. */
    private byte code;

    private long number;

    /** The sender; of a question the member whose row is asked for. */
    private LeaseIdentity sender = Attestation.NOBODY;

    private String viewId = "";
    private LeaseIdentity coordinator = Attestation.NOBODY;

    /** For JGroups, which reads the rest. */
    public AttestationHeader() {}

    private AttestationHeader(byte code, long number, LeaseIdentity sender, String viewId, LeaseIdentity coordinator) {
        this.code = code;
        this.number = number;
        this.sender = sender;
        this.viewId = viewId;
        this.coordinator = coordinator;
    }

    static AttestationHeader question(long number, LeaseIdentity asker) {
        return new AttestationHeader(QUESTION, number, asker, "", Attestation.NOBODY);
    }

    static AttestationHeader answer(long number, LeaseIdentity sender, Attestation attestation) {
        byte code = (byte) Arrays.asList(ANSWERS).indexOf(attestation.kind());
        return new AttestationHeader(code, number, sender, attestation.viewId(), attestation.coordinator());
    }

    boolean isQuestion() {
        return code == QUESTION;
    }

    /** Given by the asker, and returned with the answer. */
    long number() {
        return number;
    }

    LeaseIdentity sender() {
        return sender;
    }

    Attestation attestation() {
        return new Attestation(ANSWERS[code], viewId, coordinator);
    }

    @Override
    public short getMagicId() {
        return ProtocolIds.ATTESTATION_HEADER_MAGIC;
    }

    @Override
    public Supplier<? extends Header> create() {
        return AttestationHeader::new;
    }

    @Override
    public int serializedSize() {
        return Global.BYTE_SIZE + Global.LONG_SIZE + size(sender) + Bits.size(viewId) + size(coordinator);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(code);
        out.writeLong(number);
        write(sender, out);
        Bits.writeString(viewId, out);
        write(coordinator, out);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        code = in.readByte();
        if (code < 0 || code >= ANSWERS.length) {
            throw new IOException("JDBC_PING_LEASE header of an unknown type " + code + ": from a newer version?");
        }
        number = in.readLong();
        sender = readIdentity(in);
        viewId = Bits.readString(in);
        coordinator = readIdentity(in);
    }

    private static int size(LeaseIdentity who) {
        return Bits.size(who.address()) + Bits.size(who.name()) + Bits.size(who.physicalAddress()) + Global.LONG_SIZE;
    }

    private static void write(LeaseIdentity who, DataOutput out) throws IOException {
        Bits.writeString(who.address(), out);
        Bits.writeString(who.name(), out);
        Bits.writeString(who.physicalAddress(), out);
        out.writeLong(who.incarnation());
    }

    /** The cluster's name is not on the wire: the transport refuses members of another one. */
    private static LeaseIdentity readIdentity(DataInput in) throws IOException {
        return new LeaseIdentity("", Bits.readString(in), Bits.readString(in), Bits.readString(in), in.readLong());
    }

    @Override
    public String toString() {
        return isQuestion() ? "QUESTION " + number : ANSWERS[code] + " " + number;
    }
}
