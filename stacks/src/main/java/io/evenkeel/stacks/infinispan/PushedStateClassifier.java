package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.pacing.BulkClassifier;
import io.evenkeel.protocols.pacing.Traffic;
import org.infinispan.commands.statetransfer.StateResponseCommand;
import org.infinispan.commands.statetransfer.StateTransferCancelCommand;
import org.infinispan.commands.statetransfer.StateTransferStartCommand;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.blocks.RequestCorrelator;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the state chunks that an Infinispan donor pushes to a joiner (16.0, 16.1, and 16.2 beside older members):
 * requests that carry a StateResponseCommand.
 *
 * <p>The messages that make the donor read and marshal a chunk are recognised too: the joiner's request, and the answer
 * to the chunk before, which is told by the request that it belongs to. And so is the end of a transfer, as it must not
 * overtake its beginning.
 *
 * <p>Chunks of Infinispan's own caches (its cluster-wide configuration, for one) are recognised too; they are small.
 */
public final class PushedStateClassifier implements BulkClassifier {
    private final InfinispanCommand chunk = new InfinispanCommand(StateResponseCommand.class);
    private final InfinispanCommand start = new InfinispanCommand(StateTransferStartCommand.class);
    private final InfinispanCommand cancel = new InfinispanCommand(StateTransferCancelCommand.class);
    private final BoundedSet<Sent> unanswered = new BoundedSet<>();

    private record Sent(Address joiner, long request) {}

    @Override
    public Traffic classify(Message message) {
        RequestCorrelator.Header header = InfinispanCommand.header(message);
        Traffic kind = kindOfRequest(header, message);
        if (header != null && kind == Traffic.INFINISPAN_PUSHED && message.getDest() != null) {
            unanswered.add(new Sent(message.getDest(), header.req_id));
        }
        return kind;
    }

    @Override
    public Traffic classifyReceived(Message message) {
        RequestCorrelator.Header header = InfinispanCommand.header(message);
        if (header == null || header.type == RequestCorrelator.Header.REQ) {
            return kindOfRequest(header, message);
        }
        boolean answersChunk = message.getSrc() != null
                && !unanswered.isEmpty()
                && unanswered.remove(new Sent(message.getSrc(), header.req_id));
        return answersChunk ? Traffic.STATE_CONTROL : Traffic.FOREGROUND;
    }

    private Traffic kindOfRequest(RequestCorrelator.@Nullable Header header, Message message) {
        if (header == null || header.type != RequestCorrelator.Header.REQ) {
            return Traffic.FOREGROUND;
        }
        if (chunk.begins(message)) {
            return Traffic.INFINISPAN_PUSHED;
        }
        return start.begins(message) || cancel.begins(message) ? Traffic.STATE_CONTROL : Traffic.FOREGROUND;
    }
}
