package io.evenkeel.certs.authority;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a certificate to be made.
 *
 * @param subject a distinguished name, such as {@code CN=node-1,O=Example}
 * @param names subject alternative names, in this order; none for none
 * @param notBefore first instant of validity; X.509 keeps whole seconds
 * @param notAfter last instant of validity, after notBefore
 * @param usages extended key usages; an empty set leaves the extension out, which allows every usage
 * @param crlUrl where the authority's list of revoked certificates lies; null to leave it out
 */
public record CertificateSpec(
        String subject,
        List<AlternativeName> names,
        Instant notBefore,
        Instant notAfter,
        Set<Usage> usages,
        @Nullable String crlUrl) {

    /** The kind of a subject alternative name (RFC 5280, section 4.2.1.6). */
    public enum NameType {
        DNS,
        IP,
        URI
    }

    /** An extended key usage (RFC 5280, section 4.2.1.12). */
    public enum Usage {
        SERVER,
        CLIENT
    }

    /** A subject alternative name: a host name, the text of an IP address, or a URI. */
    public record AlternativeName(NameType type, String value) {
        public AlternativeName {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(value, "value");
        }
    }

    public CertificateSpec {
        Objects.requireNonNull(subject, "subject");
        names = List.copyOf(names);
        usages = Set.copyOf(usages);
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException("notBefore=" + notBefore + " must be < notAfter=" + notAfter);
        }
    }

    /** A member's certificate: client and server, no alternative names yet. */
    public static CertificateSpec node(String subject, Instant notBefore, Instant notAfter) {
        return new CertificateSpec(subject, List.of(), notBefore, notAfter, Set.of(Usage.SERVER, Usage.CLIENT), null);
    }

    public CertificateSpec withDns(String name) {
        return withName(NameType.DNS, name);
    }

    public CertificateSpec withIp(String address) {
        return withName(NameType.IP, address);
    }

    public CertificateSpec withUri(String uri) {
        return withName(NameType.URI, uri);
    }

    /** Adds alternative names behind those that are there. */
    public CertificateSpec withNames(List<AlternativeName> added) {
        List<AlternativeName> more = new ArrayList<>(names);
        more.addAll(added);
        return new CertificateSpec(subject, more, notBefore, notAfter, usages, crlUrl);
    }

    /** Says where the authority's list of revoked certificates lies (RFC 5280, section 4.2.1.13); null says nothing. */
    public CertificateSpec withCrlUrl(@Nullable String url) {
        return new CertificateSpec(subject, names, notBefore, notAfter, usages, url);
    }

    public CertificateSpec withUsages(Usage... only) {
        return new CertificateSpec(subject, names, notBefore, notAfter, Set.of(only), crlUrl);
    }

    private CertificateSpec withName(NameType type, String value) {
        return withNames(List.of(new AlternativeName(type, value)));
    }
}
