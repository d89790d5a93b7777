package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.ids.ProtocolIds;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Supplier;
import org.jgroups.Global;
import org.jgroups.Header;
import org.jgroups.util.Bits;

/** The header of STATE_FC: a probe, the answer to it, or that a message is a part of a larger one. */
public final class PacingHeader extends Header {

    /** Kinds of header, with what stands for them on the wire. */
    public enum Type {
        PROBE(1),
        ANSWER(2),
        PART(3);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        private static Type of(byte code) throws IOException {
            return switch (code) {
                case 1 -> PROBE;
                case 2 -> ANSWER;
                case 3 -> PART;
                default ->
                    throw new IOException("STATE_FC header of an unknown type " + code + ": from a newer version?");
            };
        }
    }

    private Type type = Type.PROBE;
    /** The number of the probe, or of the message whose part this is. */
    private long number;

    private int offsetBytes;
    private int totalBytes;
    /** To be answered when the part has come; 0 for none. */
    private long probe;

    /** True if the whole message was to bypass flow control by itself, as all parts are. */
    private boolean noFlowControl;

    /** For JGroups, which reads the rest. */
    public PacingHeader() {}

    private PacingHeader(Type type, long number, int offsetBytes, int totalBytes, long probe, boolean noFlowControl) {
        this.type = type;
        this.number = number;
        this.offsetBytes = offsetBytes;
        this.totalBytes = totalBytes;
        this.probe = probe;
        this.noFlowControl = noFlowControl;
    }

    static PacingHeader probe(long number) {
        return new PacingHeader(Type.PROBE, number, 0, 0, 0, false);
    }

    static PacingHeader answer(long number) {
        return new PacingHeader(Type.ANSWER, number, 0, 0, 0, false);
    }

    static PacingHeader part(long id, int offsetBytes, int totalBytes, long probe, boolean noFlowControl) {
        return new PacingHeader(Type.PART, id, offsetBytes, totalBytes, probe, noFlowControl);
    }

    public Type type() {
        return type;
    }

    public long number() {
        return number;
    }

    int offsetBytes() {
        return offsetBytes;
    }

    int totalBytes() {
        return totalBytes;
    }

    /** The number to answer with: of a probe its own, of a part that of the probe it carries; 0 for none. */
    public long probeToAnswer() {
        return type == Type.PROBE ? number : probe;
    }

    boolean noFlowControl() {
        return noFlowControl;
    }

    @Override
    public short getMagicId() {
        return ProtocolIds.PACE_HEADER_MAGIC;
    }

    @Override
    public Supplier<? extends Header> create() {
        return PacingHeader::new;
    }

    @Override
    public int serializedSize() {
        int size = Global.BYTE_SIZE + Bits.size(number);
        return type == Type.PART
                ? size + Bits.size(offsetBytes) + Bits.size(totalBytes) + Bits.size(probe) + Global.BYTE_SIZE
                : size;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(type.code);
        Bits.writeLongCompressed(number, out);
        if (type == Type.PART) {
            Bits.writeIntCompressed(offsetBytes, out);
            Bits.writeIntCompressed(totalBytes, out);
            Bits.writeLongCompressed(probe, out);
            out.writeBoolean(noFlowControl);
        }
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        type = Type.of(in.readByte());
        number = Bits.readLongCompressed(in);
        if (type == Type.PART) {
            offsetBytes = Bits.readIntCompressed(in);
            totalBytes = Bits.readIntCompressed(in);
            probe = Bits.readLongCompressed(in);
            noFlowControl = in.readBoolean();
        }
    }

    @Override
    public String toString() {
        return type + " " + number + (type == Type.PART ? " at " + offsetBytes + " of " + totalBytes : "");
    }
}
