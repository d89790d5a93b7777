package io.evenkeel.stacks.infinispan;

import java.util.Arrays;
import org.infinispan.protostream.WrappedMessage;
import org.infinispan.protostream.annotations.ProtoTypeId;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.blocks.RequestCorrelator;
import org.jgroups.conf.ClassConfigurator;
import org.jspecify.annotations.Nullable;

/**
 * One kind of Infinispan's commands, recognised by the first bytes of a message.
 *
 * <p>Infinispan 16 marshals a command as a protostream WrappedMessage: the type's id (a varint field), then the message
 * (a length-delimited field). The id is read from the annotation of the class that is on the class path, not compiled
 * in: a release that renumbers its commands is still recognised.
 */
final class InfinispanCommand {
    // Protocol Buffers encoding: tag = field number << 3 | wire type.
    private static final int WIRE_TYPE_VARINT = 0;
    private static final int WIRE_TYPE_LENGTH_DELIMITED = 2;
    private static final int MAX_VARINT_BYTES = 5;

    private static final short CORRELATOR_ID = ClassConfigurator.getProtocolId(RequestCorrelator.class);

    private final byte[] prefix;

    /**
     * Takes the id from the Infinispan that is on the class path.
     *
     * @throws IllegalStateException if the command bears no type id
     */
    InfinispanCommand(Class<?> command) {
        ProtoTypeId typeId = command.getAnnotation(ProtoTypeId.class);
        if (typeId == null) {
            throw new IllegalStateException(command.getName() + " bears no @ProtoTypeId: state transfer of this"
                    + " Infinispan cannot be told from foreground, use an Infinispan of 16.0 to 16.2");
        }
        prefix = prefixOf(typeId.value());
    }

    /** The header of a request or an answer; null if the message is neither. */
    static RequestCorrelator.@Nullable Header header(Message message) {
        Header header = message.getHeader(CORRELATOR_ID);
        return header instanceof RequestCorrelator.Header correlator ? correlator : null;
    }

    boolean begins(Message message) {
        // Checked first: messages without an array throw on getArray().
        if (!message.hasArray() || message.getLength() < prefix.length) {
            return false;
        }
        int from = message.getOffset();
        return Arrays.equals(message.getArray(), from, from + prefix.length, prefix, 0, prefix.length);
    }

    /** The offset of the length of the command's own message, counted from the beginning of the payload. */
    int bodyOffset() {
        return prefix.length;
    }

    private static byte[] prefixOf(int typeId) {
        byte[] buffer = new byte[3 * MAX_VARINT_BYTES];
        int end = putVarint(buffer, 0, (WrappedMessage.WRAPPED_TYPE_ID << 3) | WIRE_TYPE_VARINT);
        end = putVarint(buffer, end, typeId);
        end = putVarint(buffer, end, (WrappedMessage.WRAPPED_MESSAGE << 3) | WIRE_TYPE_LENGTH_DELIMITED);
        return Arrays.copyOf(buffer, end);
    }

    /** Seven bits a byte, the lowest first, the high bit saying that more follow. */
    private static int putVarint(byte[] buffer, int offset, int value) {
        int at = offset;
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            buffer[at++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer[at++] = (byte) rest;
        return at;
    }
}
