package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import io.evenkeel.certs.authority.CertificateSpec.NameType;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Subject alternative names as they are written on the command line: {@code dns:}, {@code ip:} or {@code uri:} and the
 * name.
 */
final class AlternativeNames {
    private static final Pattern DNS = Pattern.compile(
            "(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IP =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[\\x21-\\x7e]+");

    // GeneralName's tags (RFC 5280, section 4.2.1.6), as X509Certificate hands them out.
    private static final int DNS_TAG = 2;
    private static final int URI_TAG = 6;
    private static final int IP_TAG = 7;

    private AlternativeNames() {}

    /** Reads one; without a kind in front, an address is an IP address and all else a DNS name. */
    static AlternativeName parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1);
        return switch (kind) {
            case "dns" -> name(NameType.DNS, DNS, value, text);
            case "ip" -> name(NameType.IP, IP, value, text);
            case "uri" -> name(NameType.URI, URI, value, text);
            default ->
                IP.matcher(text).matches()
                        ? new AlternativeName(NameType.IP, text)
                        : name(NameType.DNS, DNS, text, text);
        };
    }

    private static AlternativeName name(NameType type, Pattern pattern, String value, String text) {
        if (!pattern.matcher(value).matches()) {
            throw new UsageException("'" + text
                    + "' names nothing; write dns:node-1.example, ip:10.0.0.1 or uri:spiffe://example/node-1");
        }
        return new AlternativeName(type, value);
    }

    /** The names that a certificate bears, as {@link #parse} takes them; those of other kinds are left out. */
    static List<AlternativeName> of(X509Certificate certificate) throws CertificateParsingException {
        List<AlternativeName> names = new ArrayList<>();
        Collection<List<?>> found = certificate.getSubjectAlternativeNames();
        for (List<?> each : found == null ? List.<List<?>>of() : found) {
            switch ((Integer) each.get(0)) {
                case DNS_TAG -> names.add(new AlternativeName(NameType.DNS, (String) each.get(1)));
                case URI_TAG -> names.add(new AlternativeName(NameType.URI, (String) each.get(1)));
                case IP_TAG -> names.add(new AlternativeName(NameType.IP, (String) each.get(1)));
                default -> {
                    // No pattern of a cluster looks at it.
                }
            }
        }
        return names;
    }

    static String text(AlternativeName name) {
        return name.type().name().toLowerCase(Locale.ROOT) + ":" + name.value();
    }
}
