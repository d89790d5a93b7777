package io.evenkeel.stacks.infinispan;

import java.io.IOException;
import org.infinispan.context.impl.FlagBitSets;
import org.infinispan.protostream.ImmutableSerializationContext;
import org.infinispan.protostream.ProtobufUtil;
import org.infinispan.protostream.TagReader;
import org.infinispan.protostream.impl.TagReaderImpl;
import org.infinispan.reactive.publisher.impl.commands.batch.InitialPublisherCommand;
import org.infinispan.reactive.publisher.impl.commands.batch.NextPublisherCommand;
import org.jgroups.Address;
import org.jgroups.Message;

/**
 * The requests for state that wait for an answer, in one direction.
 *
 * <p>A joiner opens a publisher with an InitialPublisherCommand and reads on with NextPublisherCommands, which name the
 * publisher only; so the publishers for state are kept too. Both are bounded: what is forgotten is foreground.
 *
 * <p>Called by many threads at once.
 */
final class PulledRequests {
    // Numbers of the commands' fields, the same in 16.0.14 and 16.2.2; a test on the wire holds them.
    private static final int REQUEST_ID_FIELD = 2;
    private static final int FLAGS_FIELD = 8;
    private static final int FIELD_NUMBER_SHIFT = 3;
    /** Made once: it reads a schema of its own from the class path. Fields are read by number, which needs none. */
    private static final ImmutableSerializationContext NO_SCHEMAS = ProtobufUtil.newSerializationContext();

    private final InfinispanCommand initial = new InfinispanCommand(InitialPublisherCommand.class);
    private final InfinispanCommand next = new InfinispanCommand(NextPublisherCommand.class);
    private final BoundedSet<Publisher> publishers = new BoundedSet<>();
    private final BoundedSet<Request> requests = new BoundedSet<>();

    private record Publisher(Address joiner, String id) {}

    private record Request(Address joiner, long number) {}

    /** Returns whether it asks for state. */
    boolean onRequest(Address joiner, long number, Message message) {
        boolean forState = isForState(joiner, message);
        if (forState) {
            requests.add(new Request(joiner, number));
        }
        return forState;
    }

    private boolean isForState(Address joiner, Message message) {
        if (initial.begins(message)) {
            Fields fields = Fields.of(message, initial);
            if (fields.isStateTransfer()) {
                publishers.add(new Publisher(joiner, fields.requestId));
            }
            return fields.isStateTransfer();
        }
        return next.begins(message) && publishers.contains(new Publisher(joiner, Fields.of(message, next).requestId));
    }

    /** True if the answer to this request is state; once. */
    boolean takeAnswer(Address joiner, long number) {
        return !requests.isEmpty() && requests.remove(new Request(joiner, number));
    }

    /** The contents of a publisher command. */
    private static final class Fields {
        private String requestId = "";
        private long flags;

        static Fields of(Message message, InfinispanCommand command) {
            Fields fields = new Fields();
            int from = command.bodyOffset();
            TagReader reader = TagReaderImpl.newInstance(
                    NO_SCHEMAS, message.getArray(), message.getOffset() + from, message.getLength() - from);
            try {
                fields.read(reader);
            } catch (IOException e) {
                throw new IllegalArgumentException("not a publisher command as this version knows it", e);
            }
            return fields;
        }

        private void read(TagReader reader) throws IOException {
            // The body stands within the wrapping message: its length, then its fields.
            reader.pushLimit(reader.readUInt32());
            for (int tag = reader.readTag(); tag != 0; tag = reader.readTag()) {
                switch (tag >>> FIELD_NUMBER_SHIFT) {
                    case REQUEST_ID_FIELD -> requestId = reader.readString();
                    case FLAGS_FIELD -> flags = reader.readInt64();
                    default -> reader.skipField(tag);
                }
            }
        }

        boolean isStateTransfer() {
            return (flags & FlagBitSets.STATE_TRANSFER_PROGRESS) != 0;
        }
    }
}
