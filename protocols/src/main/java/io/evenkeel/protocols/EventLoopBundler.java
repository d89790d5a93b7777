package io.evenkeel.protocols;

import io.evenkeel.protocols.transport.Transport;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.BaseBundler;
import org.jgroups.protocols.TP;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataOutputStream;

/**
 * The bundler of {@link TCP_NETTY}: has no queue and no thread of its own. Messages wait in the transport's queue for
 * their destination, and the event loop that writes to it puts those together that have come by then. So a message
 * crosses one thread less than with JGroups' bundlers, which can be had by {@code bundler_type}.
 *
 * <p>Messages to this member itself take the same way without the network: see {@link #loopBack}.
 */
public final class EventLoopBundler extends BaseBundler {
    /** Set with the transport, before the first message. */
    @SuppressWarnings("NullAway.Init")
    private TCP_NETTY netty;

    @Override
    public void init(TP tp) {
        if (!(tp instanceof TCP_NETTY own)) {
            throw new IllegalArgumentException(
                    "bundler_type=" + getClass().getName() + " works with TCP_NETTY only; choose one of JGroups'");
        }
        super.init(tp);
        netty = own;
    }

    @Override
    public void send(Message message) throws Exception {
        Address destination = message.getDest();
        if (transport.getLocalTransport() != null) {
            alone(message);
        } else if (destination == null) {
            netty.multicast(message);
        } else if (destination.equals(transport.getAddress()) || destination.equals(netty.getPhysicalAddress())) {
            if (!message.isFlagSet(Message.TransientFlag.DONT_LOOPBACK) && !netty.sendToSelf(message)) {
                loopbackUnlessDontLoopbackIsSet(message);
            }
        } else if (physicalAddress(destination) instanceof IpAddress peer) {
            netty.send(peer, message);
        } else {
            // The caller looks for the address, and no other sender waits for that.
            alone(message);
        }
    }

    /** Passes messages with one destination up as a batch; an event loop calls it. */
    void loopBack(List<Message> messages) {
        if (messages.size() == 1) {
            loopbackUnlessDontLoopbackIsSet(messages.get(0));
        } else {
            loopback(messages.get(0).getDest(), transport.getAddress(), messages, messages.size());
        }
    }

    private PhysicalAddress physicalAddress(Address destination) {
        return destination instanceof PhysicalAddress known
                ? known
                : transport.getPhysicalAddressFromCache(destination);
    }

    private void alone(Message message) throws Exception {
        sendSingle(message.getDest(), message, new ByteArrayDataOutputStream(message.size() + TP.MSG_OVERHEAD, true));
    }

    /** Counts a frame with so many messages, which the transport has made of them. */
    void sent(int messages) {
        total_msgs_sent.add(messages);
        if (messages == 1) {
            num_single_msgs_sent.increment();
        } else {
            num_batches_sent.increment();
        }
    }

    @Override
    public int size() {
        Transport out = netty == null ? null : netty.transport();
        return out == null ? 0 : out.queued();
    }
}
