package io.evenkeel.protocols.pacing;

import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.STATE;
import org.jgroups.protocols.pbcast.STATE_TRANSFER;
import org.jgroups.protocols.pbcast.StreamingStateTransfer;

/**
 * Recognises the state that JGroups' STATE_TRANSFER (one message) and STATE (a stream of parts) send to a joiner.
 *
 * <p>Everything from the provider to the joiner counts, also the header-only answer, the end mark and the exception: an
 * end mark that overtook the last part would cut the state short. The joiner's request is foreground.
 *
 * <p>STATE_SOCK is not recognised on purpose: its state travels on a socket of its own and never passes the stack.
 *
 * <p>Both protocols are found by their registered ids, so one that was given another {@code id} in the configuration
 * stays foreground.
 */
public final class JGroupsStateClassifier implements BulkClassifier {
    private static final short STATE_TRANSFER_ID = ClassConfigurator.getProtocolId(STATE_TRANSFER.class);
    private static final short STATE_ID = ClassConfigurator.getProtocolId(STATE.class);

    @Override
    public Traffic classify(Message message) {
        Header whole = message.getHeader(STATE_TRANSFER_ID);
        if (whole instanceof STATE_TRANSFER.StateHeader state) {
            return kindOf(state.getType() != STATE_TRANSFER.StateHeader.STATE_REQ);
        }
        Header streamed = message.getHeader(STATE_ID);
        if (streamed instanceof StreamingStateTransfer.StateHeader state) {
            return kindOf(state.getType() != StreamingStateTransfer.StateHeader.STATE_REQ);
        }
        return Traffic.FOREGROUND;
    }

    private static Traffic kindOf(boolean fromProvider) {
        return fromProvider ? Traffic.JGROUPS_STATE : Traffic.FOREGROUND;
    }
}
