package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.io.CloseCause;
import io.evenkeel.protocols.transport.io.ConnectionEvents;
import io.evenkeel.protocols.transport.io.Dialer;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jgroups.stack.IpAddress;

/**
 * Asks an address who lives there, over a connection of its own: a connection that is open already says nothing about a
 * peer that has stopped since.
 */
public final class Prober {
    private final TransportContext transport;
    private final Dialer dialer;
    private final EventLoop control;

    public Prober(TransportContext transport, Dialer dialer, EventLoop control) {
        this.transport = transport;
        this.dialer = dialer;
        this.control = control;
    }

    public CompletionStage<ProbeResult> probe(IpAddress peer, long timeoutMs) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        PeerConnection connection = dialer.dial(peer, transport.ours().asProbe(), new Events(result));
        control.schedule(
                () -> {
                    boolean connected = connection.channel().isActive();
                    if (result.complete(new ProbeResult.Silent("no answer within " + timeoutMs + " ms", connected))) {
                        connection.abort();
                    }
                },
                timeoutMs,
                TimeUnit.MILLISECONDS);
        return result;
    }

    private record Events(CompletableFuture<ProbeResult> result) implements ConnectionEvents {
        @Override
        public void onHello(PeerConnection connection, Hello theirs) {
            throw new IllegalStateException("a probe is always outgoing");
        }

        @Override
        public void onConfirmed(PeerConnection connection) {
            throw new IllegalStateException("a probe is always outgoing");
        }

        @Override
        public void onAsked(PeerConnection connection, long attempt) {
            throw new ProtocolViolationException("ASK over a probe");
        }

        @Override
        public void onAnswered(PeerConnection connection, long attempt, Claim.Answer answer) {
            throw new ProtocolViolationException("ANSWER over a probe");
        }

        @Override
        public void onAccepted(PeerConnection connection) {
            Hello theirs = connection.hello();
            result.complete(new ProbeResult.Answered(theirs.clusterName(), theirs.incarnation()));
            connection.closeGracefully();
        }

        @Override
        public void onClosed(PeerConnection connection) {
            CloseCause ending = connection.ending();
            String reason = ending.why()
                    + ending.refusal().map(why -> "; " + why.reason().remedy()).orElse("");
            result.complete(
                    switch (ending.outcome()) {
                        case REFUSED -> new ProbeResult.Refused();
                        case SILENT -> new ProbeResult.Silent(reason, ending.isLateHandshake());
                        case ACCEPTED, REJECTED, UNPROVEN, BROKEN, YIELDED ->
                            new ProbeResult.Rejected(reason, ending.isForLoad());
                    });
        }
    }
}
