package io.evenkeel.stacks.cli.core;

import io.evenkeel.certs.core.Expiry;
import io.evenkeel.certs.core.HandshakeRefusal;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate and the verdicts on it, by this host's trust and rules.
 *
 * @param label its subject and serial number
 * @param notAfter the first end in its chain
 * @param level how near that is
 * @param distrust the reason why this host does not trust it
 * @param unauthorized the verdict of authorized-peers on its names, if they do not fit
 * @param uncertified the address that its node has and that it does not bear, if identities are bound to addresses
 */
public record CertificateFacts(
        String label,
        Instant notAfter,
        Expiry.Level level,
        Optional<HandshakeRefusal.Reason> distrust,
        Optional<String> unauthorized,
        Optional<String> uncertified) {}
