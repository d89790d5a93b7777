package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.pacing.BulkClassifier;
import io.evenkeel.protocols.pacing.Traffic;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.blocks.RequestCorrelator;

/**
 * Recognises the state that an Infinispan joiner pulls (16.2 and later): the answers to its publisher commands.
 *
 * <p>Users who iterate over a cache send the same commands; the joiner's bear the flag that marks state transfer. The
 * answers do not, so an answer is told by the request that it belongs to. The joiner's commands make the donor read and
 * marshal.
 */
public final class PulledStateClassifier implements BulkClassifier {
    private final PulledRequests fromPeers = new PulledRequests();
    private final PulledRequests toPeers = new PulledRequests();

    @Override
    public Traffic classify(Message message) {
        return classify(message, message.getDest(), toPeers, fromPeers);
    }

    @Override
    public Traffic classifyReceived(Message message) {
        return classify(message, message.getSrc(), fromPeers, toPeers);
    }

    private static Traffic classify(Message message, Address peer, PulledRequests asked, PulledRequests answered) {
        RequestCorrelator.Header header = InfinispanCommand.header(message);
        if (header == null || peer == null) {
            return Traffic.FOREGROUND;
        }
        if (header.type == RequestCorrelator.Header.REQ) {
            return asked.onRequest(peer, header.req_id, message) ? Traffic.STATE_CONTROL : Traffic.FOREGROUND;
        }
        return answered.takeAnswer(peer, header.req_id) ? Traffic.INFINISPAN_PULLED : Traffic.FOREGROUND;
    }
}
