package io.evenkeel.protocols.transport.core;

import io.evenkeel.certs.core.LogText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The reason for which one side turned the other down.
 *
 * @param reason the kind, counted and logged once per peer
 * @param detail what was seen, for people; at most 1,000 bytes on the wire
 */
public record Refusal(Reason reason, String detail) {
    private static final int MAX_DETAIL_BYTES = 1000;

    /** The kinds of refusal, each with what to do about it. */
    public enum Reason {
        NO_CERTIFICATE(
                1,
                "give the peer a key and certificate signed by a CA that this member trusts; a balancer's check"
                        + " needs no TLS"),
        UNTRUSTED_CERTIFICATE(2, "have both sides trust the CA that signed the other's certificate"),
        EXPIRED_CERTIFICATE(3, "renew the peer's certificate, or compare the clocks"),
        PLAIN_TEXT(4, "give the peer a TLS configuration, or find out who else connects to this port"),
        TLS_FAILURE(5, "compare the TLS protocol versions and ciphers of both sides"),
        OTHER_CLUSTER(6, "give the clusters separate addresses, or all members the same cluster name"),
        BAD_FRAME(7, "compare the versions of Evenkeel, and find out who else connects to this port"),
        HANDSHAKE_TIMEOUT(8, "look for a slow network or an overloaded peer, or raise handshake_timeout"),
        TOO_MANY_PENDING(9, "find out who opens so many connections, or raise max_pending_handshakes"),
        SAME_PROCESS(10, "remove this member's own address aliases from discovery"),
        YIELD(11, "nothing, the other side's own connection is on its way"),
        LEAVING(12, "nothing, the member is leaving"),
        REFUSED_BY_PEER(13, "see the reason in the peer's log, which names this member"),
        ADDRESS_TAKEN(15, "give each member an address of its own, and find out who else holds a certificate"),
        NOT_AUTHORIZED(16, "compare authorized_peers with the names in the peer's certificate"),
        ADDRESS_NOT_CERTIFIED(17, "issue its certificate with its address, or do without bind_identity_to_address"),
        NOT_YET_VALID(18, "compare the clocks of both hosts"),
        REVOKED_CERTIFICATE(19, "issue a new certificate if the peer still belongs to this cluster"),
        WRONG_USAGE(20, "issue its certificate with digitalSignature, serverAuth and clientAuth"),
        INTERNAL_ERROR(21, "report this line with the log around it: it is a defect of Evenkeel or of JGroups"),
        CLOSED_EARLY(
                22,
                "see the peer's log: its max_pending_handshakes may be used up by strangers; or there is a proxy with"
                        + " nobody behind it"),
        ADDRESS_UNPROVEN(30, "let all members reach each other at the addresses that they announce"),
        MEMBER_ELSEWHERE(31, "find out who holds its certificate: a member's id stays at one address"),
        OTHER_ADDRESS(32, "nothing, the member is dialled at the address that it announces"),
        OTHER_FORMAT(
                40,
                "run versions of Evenkeel with one wire format: stop all members, then start them with the same jar"),
        STOCK_PEER(
                41,
                "run the peer on Evenkeel's stack too; while a cluster moves between the two, set"
                        + " stock_peers=accept here, with the same minor version of JGroups on both sides"),
        ABORTED(14, "nothing if this was a port check; otherwise look at the peer's log");

        private final byte code;
        private final String remedy;

        Reason(int code, String remedy) {
            this.code = (byte) code;
            this.remedy = remedy;
        }

        public String remedy() {
            return remedy;
        }

        /** True if it is about one certificate, so that it may concern each of many peers behind one address. */
        public boolean ofCertificate() {
            return switch (this) {
                case UNTRUSTED_CERTIFICATE,
                        EXPIRED_CERTIFICATE,
                        NOT_YET_VALID,
                        REVOKED_CERTIFICATE,
                        WRONG_USAGE,
                        NOT_AUTHORIZED,
                        ADDRESS_NOT_CERTIFIED -> true;
                default -> false;
            };
        }

        /** True if it belongs to ordinary life, and needs no warning. */
        public boolean harmless() {
            return switch (this) {
                case YIELD, LEAVING, ABORTED, SAME_PROCESS, OTHER_ADDRESS -> true;
                default -> false;
            };
        }
    }

    /** The refusal as the peer is told it: a stranger need not learn which names this member lets in. */
    public Refusal forPeer() {
        return reason == Reason.NOT_AUTHORIZED
                ? new Refusal(reason, "none of the names in this member's certificate is allowed there")
                : this;
    }

    /** The body of a REFUSE frame. */
    public byte[] encode() {
        byte[] text = detail.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_DETAIL_BYTES);
        return ByteBuffer.allocate(1 + length)
                .put(reason.code)
                .put(text, 0, length)
                .array();
    }

    /** Reads the body of a REFUSE frame; a code of a later version is read as a refusal without a kind of its own. */
    public static Refusal decode(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new ProtocolViolationException("REFUSE without a reason");
        }
        byte code = in.get();
        byte[] text = new byte[Math.min(in.remaining(), MAX_DETAIL_BYTES)];
        in.get(text);
        Reason reason = Reason.REFUSED_BY_PEER;
        for (Reason each : Reason.values()) {
            if (each.code == code) {
                reason = each;
            }
        }
        return new Refusal(reason, LogText.oneLine(new String(text, StandardCharsets.UTF_8)));
    }

    /**
     * The accepting side's answer to a HELLO; empty to accept.
     *
     * @param leaving whether this side is closing its channel
     */
    public static Optional<Refusal> judge(Hello ours, Hello theirs, boolean leaving) {
        if (!ours.clusterName().equals(theirs.clusterName())) {
            return Optional.of(new Refusal(
                    Reason.OTHER_CLUSTER,
                    "it belongs to cluster '" + LogText.oneLine(theirs.clusterName()) + "', this member to '"
                            + ours.clusterName() + "'"));
        }
        if (leaving) {
            return Optional.of(new Refusal(Reason.LEAVING, "this member is leaving"));
        }
        if (ours.incarnation() == theirs.incarnation() && !theirs.carriesNothing()) {
            return Optional.of(new Refusal(Reason.SAME_PROCESS, "the connection comes from this member itself"));
        }
        return Optional.empty();
    }
}
