package io.evenkeel.protocols.transport.frame;

import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import java.io.IOException;
import java.lang.StackWalker.Option;
import java.util.Set;
import org.jgroups.util.ByteArrayDataInputStream;

/**
 * The body of a frame as JGroups reads it, which makes an array of each length that it reads before it looks whether
 * the elements are there: a frame of 60 bytes that announced 2,000,000,000 messages would end the JVM. A length that
 * JGroups reads here is at most what is left of the frame.
 *
 * <p>The meaning of an integer is known to its reader only. So one that is large beside the rest of the frame has its
 * reader looked at: those of {@link #LENGTH_READERS} read lengths, all others what they like. Lengths of 16 bits are
 * harmless.
 */
public final class FrameInput extends ByteArrayDataInputStream {
    private static final StackWalker CALLER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    /** Reads lengths, and the integers of object messages, which one of two bytes goes before. */
    private static final String UTIL = "org.jgroups.util.Util";

    private static final byte TYPE_INT = 11;
    private static final byte TYPE_INT_OBJ = 12;

    /** Its lengths are in bits. */
    private static final String BITS = "org.jgroups.util.SeqnoList";

    /** Their lengths are numbers of messages. */
    private static final Set<String> MESSAGES = Set.of("org.jgroups.CompositeMessage", "org.jgroups.BatchMessage");

    /** The classes that read an array's length of 32 bits in JGroups 5.5. */
    static final Set<String> LENGTH_READERS = Set.of(
            UTIL,
            BITS,
            "org.jgroups.BatchMessage",
            "org.jgroups.BytesMessage",
            "org.jgroups.CompositeMessage",
            "org.jgroups.FragmentedMessage",
            "org.jgroups.NioMessage",
            "org.jgroups.protocols.COUNTER$ReconcileRequest",
            "org.jgroups.protocols.COUNTER$ReconcileResponse",
            "org.jgroups.protocols.DH_KEY_EXCHANGE$DhHeader",
            "org.jgroups.protocols.FD_SOCK",
            "org.jgroups.protocols.FD_SOCK$FdHeader",
            "org.jgroups.protocols.FD_SOCK2$FdHeader",
            "org.jgroups.protocols.InfoHeader",
            "org.jgroups.protocols.SSL_KEY_EXCHANGE",
            "org.jgroups.protocols.relay.RelayHeader",
            "org.jgroups.stack.GossipData",
            "org.jgroups.util.Average",
            "org.jgroups.util.ObjectWrapperSerializable");

    /** Type, leading byte, flags, number of headers: an empty message. */
    static final int MIN_MESSAGE_BYTES = 7;

    /** Arrays so small are made a few thousand times at the most before the stack ends. */
    private static final int SMALL = 1024;

    FrameInput(byte[] data, int offset, int length) {
        super(data, offset, length);
    }

    /** Reads a frame's body: the messages of JGroups behind its version. */
    public static FrameInput of(byte[] data, int offset, int length) {
        return new FrameInput(data, offset, length);
    }

    @Override
    public int readInt() throws IOException {
        int value = super.readInt();
        if (value >= SMALL && value > available() / Byte.SIZE) {
            check(value, CALLER.getCallerClass().getName());
        }
        return value;
    }

    private boolean isBehindTypeOfInteger() {
        byte before = buffer()[position() - Integer.BYTES - 1];
        return before == TYPE_INT || before == TYPE_INT_OBJ;
    }

    private void check(int value, String reader) {
        if (!LENGTH_READERS.contains(reader) || (reader.equals(UTIL) && isBehindTypeOfInteger())) {
            return;
        }
        long allowed = available();
        if (reader.equals(BITS)) {
            allowed *= Byte.SIZE;
        } else if (MESSAGES.contains(reader)) {
            allowed /= MIN_MESSAGE_BYTES;
        }
        if (value > allowed) {
            throw new UnreadableFrameException(
                    "it announces " + value + " elements of which " + available() + " bytes at the most are there");
        }
    }
}
