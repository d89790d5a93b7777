package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.pace.BulkClassifier;
import io.evenkeel.protocols.pace.Traffic;
import org.infinispan.commands.statetransfer.StateResponseCommand;
import org.jgroups.Message;
import org.jgroups.blocks.RequestCorrelator;

/**
 * Recognises the state chunks that an Infinispan donor pushes to a joiner (16.0, 16.1, and 16.2 beside older members):
 * requests that carry a StateResponseCommand.
 *
 * <p>Chunks of Infinispan's own caches (its cluster-wide configuration, for one) are recognised too; they are small.
 */
public final class InfinispanStateClassifier implements BulkClassifier {
    private final InfinispanCommand chunk = new InfinispanCommand(StateResponseCommand.class);

    @Override
    public Traffic classify(Message message) {
        RequestCorrelator.Header header = InfinispanCommand.header(message);
        return header != null && header.type == RequestCorrelator.Header.REQ && chunk.begins(message)
                ? Traffic.INFINISPAN_PUSHED
                : Traffic.FOREGROUND;
    }
}
