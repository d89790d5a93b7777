package io.evenkeel.stacks.cli.core;

import io.evenkeel.certs.core.HandshakeRefusal;
import java.util.Optional;
import java.util.OptionalLong;

/** The outcome of connecting to the address in a member's row. */
public sealed interface Reach {

    /** No packet can get there: the address is none, or there is no route. */
    record NoRoute(String detail) implements Reach {}

    /** The host answered that nobody listens on the port. */
    record Refused() implements Reach {}

    /** Nothing came back. */
    record Silent(String detail) implements Reach {}

    /**
     * A process took the connection and did not speak as a member does.
     *
     * @param certificate that it has shown; empty in clear, and if it has shown none
     */
    record Stranger(String detail, Optional<CertificateFacts> certificate) implements Reach {}

    /** One side speaks TLS and the other does not. */
    record PlainText(String detail) implements Reach {}

    /**
     * TLS came to an end before a word was said.
     *
     * @param refusal by whom and why
     * @param certificate the peer's, if it was shown
     */
    record TlsEnded(HandshakeRefusal refusal, Optional<CertificateFacts> certificate) implements Reach {}

    /**
     * A member introduced itself.
     *
     * @param certificate its own; empty in clear
     * @param cluster the name of its cluster
     * @param incarnation of its start
     * @param version of Evenkeel that it runs
     * @param formatDiffers whether it speaks another wire format; cluster, incarnation and clock are not known then
     * @param aheadMs its clock less this host's; empty if it does not tell
     * @param refusal its reason for turning this host down, with the remedy
     */
    record Spoke(
            Optional<CertificateFacts> certificate,
            String cluster,
            long incarnation,
            String version,
            boolean formatDiffers,
            OptionalLong aheadMs,
            Optional<String> refusal)
            implements Reach {}
}
