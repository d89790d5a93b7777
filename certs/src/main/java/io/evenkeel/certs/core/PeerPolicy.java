package io.evenkeel.certs.core;

import io.evenkeel.certs.core.PeerVerdict.Accepted;
import io.evenkeel.certs.core.PeerVerdict.Reason;
import io.evenkeel.certs.core.PeerVerdict.Refused;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the peers that may take part in this cluster, of those that the authority vouches for: an authority may
 * well sign for a whole company. It comes on top of trust, never in its place.
 *
 * <p>Patterns, separated by semicolons, of which one must fit:
 *
 * <ul>
 *   <li>{@code dns:*.kc.example}: a DNS name of the certificate, in any case; {@code *} stays within one label
 *   <li>{@code ip:10.1.0.0/16}: an IP address of the certificate, or its network
 *   <li>{@code uri:spiffe://example/ns/kc/*}: a URI of the certificate; {@code *} stays within one segment
 * <li>{@code dn:CN=node-*,O=Example}: the whole subject, part for part, in this order and case; {@code *} stays within
 * one value (RFC 4514)
 * </ul>
 *
 * {@code **} goes beyond those bounds, but not beyond a DN's value. Pure; any thread.
 */
public final class PeerPolicy {

    private static final int MAX_SHOWN_CHARS = 300;
    private static final PeerPolicy ANY_TRUSTED = new PeerPolicy(List.of());

    private final List<PeerPattern> patterns;

    private PeerPolicy(List<PeerPattern> patterns) {
        this.patterns = patterns;
    }

    /** Accepts every peer that is trusted. */
    public static PeerPolicy anyTrusted() {
        return ANY_TRUSTED;
    }

    /**
     * Reads patterns.
     *
     * @param property the property that they stand in, for messages
     * @param value the patterns; null for any trusted peer
     * @throws IllegalArgumentException naming the property, the pattern and what is wrong with it
     */
    public static PeerPolicy parse(String property, @Nullable String value) {
        if (value == null) {
            return ANY_TRUSTED;
        }
        if (value.isBlank()) {
            // An empty variable of the environment must not open the cluster to all that the authority signs for.
            throw new IllegalArgumentException(property + "='" + value + "' names nobody; give it patterns, or remove"
                    + " it to let in everybody that the CA vouches for");
        }
        List<PeerPattern> patterns = new ArrayList<>();
        for (String text : value.split(";", -1)) {
            try {
                patterns.add(PeerPattern.parse(text.trim()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        property + "=" + value + ": the pattern '" + text.trim() + "' " + e.getMessage(), e);
            }
        }
        return new PeerPolicy(List.copyOf(patterns));
    }

    /** Judges a peer by its own certificate, the first of its chain, which must have been found to be trusted. */
    public PeerVerdict verdict(X509Certificate peer) {
        if (patterns.isEmpty()) {
            return new Accepted("any");
        }
        String subject = shown(peer.getSubjectX500Principal().getName());
        PeerNames names;
        try {
            names = PeerNames.of(peer);
        } catch (CertificateParsingException e) {
            return new Refused(
                    Reason.UNREADABLE_NAME,
                    "peer '" + subject + "' refused: the names in its certificate cannot be read; issue it anew");
        }
        for (PeerPattern pattern : patterns) {
            if (pattern.test().test(names)) {
                return new Accepted(pattern.text());
            }
        }
        boolean named = names.hasAlternativeNames()
                || patterns.stream().anyMatch(pattern -> pattern.kind() == PeerPattern.Kind.DN);
        String bears =
                names.hasAlternativeNames() ? " with " + shown(names.alternativeNames()) : " with no other names";
        return new Refused(
                named ? Reason.NAME_NOT_ALLOWED : Reason.NO_NAME,
                "peer '" + subject + "'" + bears + " refused: fits none of the allowed patterns " + this
                        + "; if it belongs to this cluster, issue its certificate with such a name or add a pattern");
    }

    private static String shown(String text) {
        return LogText.oneLine(text, MAX_SHOWN_CHARS);
    }

    /** The patterns as they were written. */
    @Override
    public String toString() {
        return patterns.isEmpty()
                ? "any"
                : String.join(";", patterns.stream().map(PeerPattern::text).toList());
    }
}
