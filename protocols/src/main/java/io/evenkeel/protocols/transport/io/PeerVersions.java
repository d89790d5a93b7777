package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.log.TransportMessages;
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
            log.info(
                    TransportMessages.OTHER_VERSION,
                    name,
                    IpAddresses.of(theirs.address()),
                    theirs.version(),
                    ours.version(),
                    Hello.FORMAT);
        }
    }

    private synchronized boolean isNew(Hello theirs) {
        if (told.size() >= MAX_PEERS) {
            told.remove(told.keySet().iterator().next());
        }
        return !theirs.version().equals(told.put(theirs.address(), theirs.version()));
    }
}
