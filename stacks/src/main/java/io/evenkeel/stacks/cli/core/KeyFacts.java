package io.evenkeel.stacks.cli.core;

/** This host's own keys and trust, by the options that a node here would start with. */
public sealed interface KeyFacts {

    /** They are in the database, which could not be read. */
    record Unknown() implements KeyFacts {}

    /** Mutual TLS is off. */
    record ClearText() implements KeyFacts {}

    /**
     * They cannot be used.
     *
     * @param code what it is about
     * @param message one line, without secrets
     */
    record Unusable(FindingCode code, String message) implements KeyFacts {}

    /**
     * They were read.
     *
     * @param source where they come from
     * @param own this host's certificate, as a peer with the same settings judges it
     */
    record Usable(String source, CertificateFacts own) implements KeyFacts {}
}
