package io.evenkeel.protocols.transport.frame;

import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.protocols.MsgStats;
import org.jgroups.util.AsciiString;
import org.jgroups.util.Util;

/**
 * The body of a frame of messages: in JGroups' own format, one alone or several with the same destination.
 *
 * @param maxBytes the most that is put together; one message alone may be larger
 * @param stats counts what is sent, as JGroups' bundlers do
 * @param sent is told of each frame how many messages are in it; called on any event loop
 */
public record BundleFormat(AsciiString cluster, int maxBytes, MsgStats stats, IntConsumer sent) {

    void write(List<Message> messages, DataOutput out) throws IOException {
        Message first = messages.get(0);
        Address destination = first.getDest();
        boolean multicast = destination == null;
        if (messages.size() == 1) {
            Util.writeMessage(first, out, multicast);
            stats.incrNumSingleMsgsSent();
        } else {
            Util.writeMessageList(destination, first.getSrc(), cluster.val(), messages, out, multicast);
            stats.incrNumBatchesSent();
        }
        sent.accept(messages.size());
    }
}
