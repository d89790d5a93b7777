package io.evenkeel.protocols;

import io.evenkeel.protocols.transport.peer.PeerProber;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.IpAddress;

/** JGroups' TCP that can ask whether a process listens at an address; the port serves as the incarnation. */
final class ProbingTcp extends TCP implements PeerProber {
    @Override
    public long incarnation() {
        return ((IpAddress) getPhysicalAddress()).getPort();
    }

    @Override
    public CompletionStage<ProbeResult> probe(PhysicalAddress peer, long timeoutMs) {
        IpAddress address = (IpAddress) peer;
        return CompletableFuture.supplyAsync(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address.getIpAddress(), address.getPort()), (int) timeoutMs);
                return new ProbeResult.Answered(LeaseNode.CLUSTER, address.getPort());
            } catch (ConnectException e) {
                return new ProbeResult.Refused();
            } catch (IOException e) {
                return new ProbeResult.Silent(e.toString(), false);
            }
        });
    }
}
