package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.TransportLog;
import io.evenkeel.protocols.transport.core.Hello;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells, once per peer and version, of peers that run another version of Evenkeel. Safe for threads. */
final class PeerVersions {
    private static final int MAX_PEERS = 1024;

    private final TransportLog log;
    private final Map<InetSocketAddress, String> told = new LinkedHashMap<>();

    PeerVersions(TransportLog log) {
        this.log = log;
    }

    /** Takes note of a peer that both sides accept. */
    void compare(Hello ours, Hello theirs) {
        if (!ours.version().equals(theirs.version()) && isNew(theirs)) {
            String name = MemberIdentity.decode(theirs.member())
                    .map(MemberIdentity::name)
                    .filter(known -> !known.isEmpty())
                    .orElse("a member");
            log.info(name + " at " + IpAddresses.of(theirs.address()) + " runs Evenkeel " + theirs.version()
                    + ", this member Evenkeel " + ours.version()
                    + ": they can be in one cluster, as both speak wire format "
                    + Hello.FORMAT);
        }
    }

    private synchronized boolean isNew(Hello theirs) {
        if (told.size() >= MAX_PEERS) {
            told.remove(told.keySet().iterator().next());
        }
        return !theirs.version().equals(told.put(theirs.address(), theirs.version()));
    }
}
