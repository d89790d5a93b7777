package io.evenkeel.protocols.log;

/** Messages of TCP_NETTY: EVK0201 to EVK0299. */
public final class TransportMessages {
    public static final LogMessage LISTENING =
            LogMessage.info(201, "listening on %s (%s), encryption: %s", "The transport has started.", "None.");

    public static final LogMessage CLEAR_TEXT = LogMessage.warn(
            202,
            "encryption=none: everything that this cluster says goes over the network in clear, and anybody who reaches"
                    + " %s can join; configure TLS unless the network is private",
            "TLS between the members was turned off by name.",
            "Turn it on, on all members at once: cache-embedded-mtls-enabled=true in Keycloak.");

    public static final LogMessage NEW_KEYS_MISFIT = LogMessage.error(
            203,
            "the new keys or trust do not fit the TLS that was chosen at the start: %s; put EC or RSA keys and CAs"
                    + " back, or restart this member with tls_provider=jdk",
            "Files were replaced by keys or CAs of a kind that BoringSSL does not take.",
            "As the line says. Connections that stand go on; new ones are refused by one side.");

    public static final LogMessage NO_EPOLL = LogMessage.warn(
            204,
            "there is no epoll here, and NIO has no TCP_USER_TIMEOUT: a connection that was lost on the way while data"
                    + " was on it is given up by the kernel's own retries (about 15 minutes on Linux), not after"
                    + " dead_connection_timeout=%d ms, and until then FD_ALL3 decides about its member; on Linux add"
                    + " netty-transport-native-epoll",
            "Netty's native transport is missing or cannot be loaded.",
            "Add the library. On other systems there is none: a lost host is noticed by FD_ALL3.");

    public static final LogMessage KEY_NEEDS_JDK_PEERS = LogMessage.info(
            205,
            "this member's key is neither EC nor RSA, and peers whose TLS is BoringSSL refuse it; set tls_provider=jdk"
                    + " on all members, or issue EC or RSA keys",
            "The key is Ed25519, for one.",
            "As the line says, if a peer refuses this member.");

    public static final LogMessage ATTRIBUTES_IGNORED = LogMessage.info(
            206,
            "attributes of JGroups' TCP that are set and do nothing here: %s",
            "The stack's XML was made for another transport.",
            "Remove them, or see reference/stock-tcp.md for what stands in their place.");

    public static final LogMessage DEAD_CONNECTION_TOO_LATE = LogMessage.warn(
            207,
            "dead_connection_timeout=%d should be < the timeout of %s=%d: a connection lost on the way costs a living"
                    + " member its place",
            "The failure detection gives a member up before its connection is renewed.",
            "Raise the timeout of the failure detection, or lower dead_connection_timeout.");

    public static final LogMessage ATTRIBUTES_WIN = LogMessage.info(
            208,
            "keys and trust come from the stack's attributes, %s and %s, not from %s",
            "Both the stack's XML and Keycloak or a program name keys.",
            "None, or remove one of the two.");

    public static final LogMessage KEYS_UNWATCHED = LogMessage.warn(
            209,
            "keys and trust could not be looked at: %s; the last good ones stay in use",
            "A file, or the manager that was given, failed when it was asked for changes.",
            "Look at the failure. The next look comes by itself.");

    public static final LogMessage INJECTED_KEYS_CHANGED = LogMessage.info(
            210,
            "the injected keys or trust have changed; connections are renewed in turn",
            "A program, or Keycloak's rotation of certificates, gave new ones.",
            "None.");

    public static final LogMessage NEW_KEYS_IN_USE = LogMessage.info(
            211,
            "new keys and trust are in use, valid until %s; connections are renewed in turn",
            "Files of keys or trust were replaced.",
            "None.");

    public static final LogMessage NEW_KEYS_REFUSED = LogMessage.warn(
            212,
            "changed keys or trust are not used, the last good ones stay: %s",
            "Files were replaced by what cannot be used, or by half of a pair.",
            "The line names the file and the remedy; ./evenkeel certs inspect shows what is in it.");

    public static final LogMessage CERTIFICATE_EXPIRES = LogMessage.warn(
            213,
            "this member's certificate %s %s; renew it, peers refuse an expired one (%s)",
            "The end of the certificate is near.",
            "Renew it. Files that change are read without a restart.");

    public static final LogMessage CERTIFICATE_EXPIRES_NOW = LogMessage.error(
            214,
            "this member's certificate %s %s; renew it now, peers refuse an expired one (%s)",
            "The certificate ends within two days, or a tenth of its time, or has ended: no peer accepts it then.",
            "Renew it now. Files that change are read without a restart.");

    public static final LogMessage KEYS_REFUSED = LogMessage.refusal(
            215,
            "TCP_NETTY: %s",
            "A file of keys or trust is missing, unreadable, damaged, of another type, or its password is wrong.",
            "The line names the file, the option and the remedy; ./evenkeel certs inspect shows what is in it.");

    public static final LogMessage OWN_CERTIFICATE_EXPIRED = LogMessage.refusal(
            216,
            "this member's certificate expired on %s; renew it and start again",
            "Every peer would refuse it.",
            "Renew the certificate, or compare the clock.");

    public static final LogMessage OWN_CERTIFICATE_REFUSED = LogMessage.refusal(
            217,
            "peers with the same settings would refuse this member: %s; %s",
            "This member's certificate does not satisfy its own authorized_peers or bind_identity_to_address.",
            "Issue the certificate with the names that the rules ask for, or correct the rules.");

    public static final LogMessage CANNOT_LISTEN = LogMessage.refusal(
            218,
            "cannot listen on %s port %s: %s; check bind_addr, free a port, or change bind_port or port_range",
            "Another process has the port, the address is not of this host, or the port needs rights.",
            "As the line says; in Keycloak cache-embedded-network-bind-port and -bind-address.");

    public static final LogMessage STOCK_PEERS_ACCEPTED = LogMessage.info(
            219,
            "stock_peers=accept: members on JGroups' own TCP are taken too; go over to a stack with stock_peers=refuse"
                    + " once there are none",
            "A cluster goes over from JGroups' TCP to TCP_NETTY node by node.",
            "Set stock_peers=refuse, or a stack without the attribute, once all members run TCP_NETTY.");

    public static final LogMessage ATTRIBUTES_RENAMED = LogMessage.warn(
            220,
            "attributes with names of former versions: %s; rename them",
            "The stack's XML was written for an older release, whose names still work.",
            "Rename the attributes as the line says.");

    public static final LogMessage PEER_REFUSED = LogMessage.warn(
            221,
            "refused %s: %s, %s; %s",
            "This side turned a peer down. One line in a minute for each peer and reason.",
            "The line ends with it; the reasons are below.");

    public static final LogMessage NO_CONNECTION = LogMessage.warn(
            222,
            "no connection to %s: %s, %s; %s",
            "A peer could not be reached, or turned this side down. REFUSED: nobody listens there."
                    + " SILENT: no answer, as where a firewall drops. REJECTED: it gave one of the reasons below.",
            "The line ends with it. None for a peer that is gone: its row runs out, or the view loses it.");

    public static final LogMessage PEER_CERTIFICATE_EXPIRED = LogMessage.warn(
            223,
            "peer %s: its certificate %s expired on %s; renew it, or its connection ends %s after that (renewal_grace)",
            "A member that is connected runs on with a certificate that has ended.",
            "Renew the peer's certificate; files that change are read without a restart.");

    public static final LogMessage REVOCATION_UNKNOWN = LogMessage.warn(
            224,
            "peer %s: cannot tell whether its certificate %s was revoked: %s; its connection stays, new ones are"
                    + " refused",
            "The list of revoked certificates, or the OCSP responder, is unavailable.",
            "Publish the list again, or mend the way to it.");

    public static final LogMessage PEER_UNJUDGED = LogMessage.warn(
            225,
            "peer %s: cannot judge its certificate again: %s",
            "The trust manager that was given failed outside of a handshake.",
            "Report it, unless the trust manager is your own.");

    public static final LogMessage UNSENDABLE = LogMessage.warn(
            226,
            "%d messages to %s %s",
            "A message cannot be serialised, or is larger than max_frame_size.",
            "Look at the failure: an application's object, or a value of many megabytes.");

    public static final LogMessage NOT_TO_EVERYBODY = LogMessage.warn(
            227,
            "messages to all do not reach everybody: %s",
            "Sending to one of the peers failed. JGroups sends what is missing again.",
            "Report the line: it is a defect of Evenkeel or of Netty.");

    public static final LogMessage FRAME_UNREADABLE = LogMessage.warn(
            228,
            "dropped a frame of %s that cannot be read: %s; compare the versions of Evenkeel and JGroups on both sides",
            "A peer sent what this release cannot read.",
            "Run the same jar and the same Keycloak on all members; report it if they do.");

    public static final LogMessage SUSPECTING = LogMessage.info(
            229,
            "suspecting the member at %s: %s",
            "A member's process has ended, by the evidence that the line names.",
            "If it should run, look at its own log, and at the kernel's (out of memory).");

    public static final LogMessage ASKING = LogMessage.info(
            230,
            "having the member at %s asked whether it lives: connections to it are taken and closed without a word",
            "Something takes connections at a member's address and ends them: a proxy whose member is gone, or an"
                    + " overloaded member.",
            "None. The member stays if it answers.");

    public static final LogMessage CONNECTIONS_LATE = LogMessage.info(
            231, "connections did not close in time", "The stop did not wait for slow peers any longer.", "None.");

    public static final LogMessage LOOPS_LATE = LogMessage.info(
            232,
            "event loops did not end in time",
            "A thread of the transport is held up, as by an application's code.",
            "None.");

    public static final LogMessage OTHER_VERSION = LogMessage.info(
            233,
            "%s at %s runs Evenkeel %s, this member Evenkeel %s: they can be in one cluster, as both speak wire format"
                    + " %d",
            "An upgrade is under way. Once for each peer and version.",
            "Finish the upgrade.");

    private TransportMessages() {}
}
