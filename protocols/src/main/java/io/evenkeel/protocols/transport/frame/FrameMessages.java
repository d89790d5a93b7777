package io.evenkeel.protocols.transport.frame;

import io.evenkeel.certs.core.LogText;
import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.MessageFactory;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.FragHeader;
import org.jgroups.util.AsciiString;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a frame, in JGroups' own format, from a peer that may say anything: what cannot be read ends as
 * an {@link UnreadableFrameException}, whatever JGroups throws. Any thread.
 */
public final class FrameMessages {
    /** FRAG2 and FRAG4 make an array of all fragments of a message when the first one comes. */
    private static final short[] FRAGMENTERS = {
        ClassConfigurator.getProtocolId(FRAG2.class), ClassConfigurator.getProtocolId(FRAG4.class)
    };

    /** Fragments of 60 kB, of messages of 60 GB together. */
    private static final long MAX_FRAGMENTS = 1_000_000;

    private FrameMessages() {}

    /**
     * Writes and reads messages on the caller's thread, so that JGroups initialises its classes there: among them one
     * that reads its version from a file, which the first message would do on an event loop.
     */
    public static void rehearse() throws IOException {
        Address nobody = UUID.randomUUID();
        List<Message> messages =
                List.of(new EmptyMessage(nobody).setSrc(nobody), new BytesMessage(nobody, new byte[1]).setSrc(nobody));
        ByteArrayDataOutputStream one = new ByteArrayDataOutputStream();
        Util.writeMessage(messages.get(0), one, false);
        message(rehearsed(one));
        ByteArrayDataOutputStream several = new ByteArrayDataOutputStream();
        Util.writeMessageList(nobody, nobody, new byte[] {'-'}, messages, several, false);
        batches(rehearsed(several), false);
    }

    private static FrameInput rehearsed(ByteArrayDataOutputStream out) throws IOException {
        FrameInput in = FrameInput.of(out.buffer(), 0, out.position());
        in.readShort();
        in.readByte();
        return in;
    }

    /** The regular messages and those that are out of band, in this order; null for none. */
    public static @Nullable MessageBatch[] batches(FrameInput in, boolean multicast) {
        return reading(() -> readBatches(in, multicast));
    }

    /** One message. */
    public static Message message(FrameInput in) {
        return reading(() -> readMessage(in));
    }

    private interface Reader<T> {
        T read() throws IOException, ClassNotFoundException;
    }

    private static <T> T reading(Reader<T> reader) {
        try {
            return reader.read();
        } catch (UnreadableFrameException e) {
            throw e;
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // A stack overflows in messages that hold messages. Memory should not run out, see FrameInput.
            throw new UnreadableFrameException(LogText.oneLine(e.toString()), e);
        }
    }

    private static MessageBatch[] readBatches(FrameInput in, boolean multicast)
            throws IOException, ClassNotFoundException {
        Address destination = Util.readAddress(in);
        Address source = Util.readAddress(in);
        AsciiString cluster = cluster(in);
        int count = in.readInt();
        if (count > in.available() / FrameInput.MIN_MESSAGE_BYTES) {
            throw new UnreadableFrameException("it announces " + count + " messages in " + in.available() + " bytes");
        }
        long fragments = 0;
        MessageBatch[] batches = new MessageBatch[2];
        for (int i = 0; i < count; i++) {
            Message message =
                    MessageFactory.create(in.readShort()).setDest(destination).setSrc(source);
            message.readFrom(in);
            fragments += fragments(message);
            requireFew(fragments);
            boolean oob = message.isFlagSet(Message.Flag.OOB);
            int which = oob ? 1 : 0;
            if (batches[which] == null) {
                MessageBatch.Mode mode = oob ? MessageBatch.Mode.OOB : MessageBatch.Mode.REG;
                batches[which] = new MessageBatch(destination, source, cluster, multicast, mode, count);
            }
            batches[which].add(message);
        }
        return batches;
    }

    private static @Nullable AsciiString cluster(DataInput in) throws IOException {
        short length = in.readShort();
        if (length < 0) {
            return null;
        }
        byte[] name = new byte[length];
        in.readFully(name);
        return new AsciiString(name);
    }

    private static Message readMessage(FrameInput in) throws IOException, ClassNotFoundException {
        Message message = MessageFactory.create(in.readShort());
        message.readFrom(in);
        requireFew(fragments(message));
        return message;
    }

    private static long fragments(Message message) {
        long announced = 0;
        for (short id : FRAGMENTERS) {
            if (message.getHeader(id) instanceof FragHeader header) {
                announced += header.num_frags;
            }
        }
        return announced;
    }

    private static void requireFew(long fragments) {
        if (fragments > MAX_FRAGMENTS) {
            throw new UnreadableFrameException("it announces " + fragments + " fragments of messages");
        }
    }
}
