package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.Step;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.stack.Protocol;

/** The way down for all that the pacer sends, and its clock. */
class PacingSender {
    private static final long NO_PROBE = 0;

    private final Protocol protocol;
    private final Function<Address, HeaderSupport> headers;
    private final short id;

    PacingSender(Protocol protocol, Function<Address, HeaderSupport> headers) {
        this.protocol = protocol;
        this.headers = headers;
        id = protocol.getId();
    }

    long nowNs() {
        return System.nanoTime();
    }

    /** In a thread of its own, which may wait for credits. */
    void fork(Runnable task) {
        protocol.getThreadFactory().newThread(task, "bulk-release").start();
    }

    void sendWhole(Message message) {
        protocol.getDownProtocol().down(message);
    }

    /** Only the first part carries the headers of those above. */
    void sendPart(Step.Send<Message> send) {
        Message message = send.message();
        boolean noFlowControl = message.isFlagSet(Message.Flag.NO_FC);
        Message part = message.copy(false, send.offsetBytes() == 0)
                .setArray(message.getArray(), message.getOffset() + send.offsetBytes(), send.lengthBytes())
                .putHeader(
                        id,
                        PacingHeader.part(
                                send.id(), send.offsetBytes(), send.totalBytes(), send.probe(), noFlowControl));
        if (!send.why().takesCredits()) {
            part.setFlag(Message.Flag.NO_FC);
        }
        protocol.getDownProtocol().down(part);
    }

    HeaderSupport headers(Address peer) {
        return headers.apply(peer);
    }

    void probe(Address peer, long number) {
        signal(peer, PacingHeader.probe(number), Pressure.NONE, Message.Flag.NO_RELIABILITY);
    }

    /**
     * Reliable: UNICAST3 passes the others of a batch on only when all reliable ones, chunks for one, have been
     * handled.
     */
    void answer(Address peer, long number, boolean reliably, Pressure own) {
        if (reliably) {
            signal(peer, PacingHeader.answer(number), own);
        } else {
            signal(peer, PacingHeader.answer(number), own, Message.Flag.NO_RELIABILITY);
        }
    }

    /**
     * Tells of the own pressure without being asked: as the answer to no probe, with which an older member does
     * nothing.
     */
    void tell(Address peer, Pressure own) {
        signal(peer, PacingHeader.answer(NO_PROBE), own, Message.Flag.NO_RELIABILITY);
    }

    /**
     * Queues where the users' messages queue, and nowhere else: bundled as they are, but not in order and not held back
     * for credits.
     */
    private void signal(Address peer, PacingHeader header, Pressure own, Message.Flag... more) {
        Message message = (own.isShort() ? new BytesMessage(peer, PressurePayload.of(own)) : new EmptyMessage(peer))
                .setFlag(Message.Flag.OOB, Message.Flag.NO_FC, Message.Flag.NO_TOTAL_ORDER, Message.Flag.NO_RELAY)
                .setFlag(more)
                .putHeader(id, header);
        protocol.getDownProtocol().down(message);
    }
}
