package io.evenkeel.certs.core;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** The names that a certificate bears, taken apart so that no name can pass for another. */
record PeerNames(List<Map<String, String>> dn, List<String> dns, List<String> ips, List<String> uris) {

    // GeneralName's tags (RFC 5280, section 4.2.1.6), as X509Certificate hands them out.
    private static final int DNS_TAG = 2;
    private static final int URI_TAG = 6;
    private static final int IP_TAG = 7;

    // Keywords that RFC 2253 lacks and that authorities use; without them their values would be shown in hex.
    private static final Map<String, String> KEYWORDS =
            Map.of("1.2.840.113549.1.9.1", "EMAILADDRESS", "2.5.4.5", "SERIALNUMBER");

    /** Takes a certificate's names. */
    static PeerNames of(X509Certificate certificate) throws CertificateParsingException {
        try {
            return read(certificate);
        } catch (InvalidNameException | RuntimeException e) {
            // Whatever the JDK throws at made-up names.
            throw new CertificateParsingException(e);
        }
    }

    private static PeerNames read(X509Certificate certificate)
            throws CertificateParsingException, InvalidNameException {
        List<String> dns = new ArrayList<>();
        List<String> ips = new ArrayList<>();
        List<String> uris = new ArrayList<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            int tag = (Integer) name.get(0);
            if (tag == DNS_TAG) {
                dns.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
            } else if (tag == URI_TAG) {
                uris.add((String) name.get(1));
            } else if (tag == IP_TAG) {
                ips.add((String) name.get(1));
            }
        }
        String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, KEYWORDS);
        return new PeerNames(parseDn(subject), dns, ips, uris);
    }

    /**
     * Takes a distinguished name apart: its parts in order, the leftmost first, each with its attributes' keywords in
     * upper case. Values keep their case; escaped separators in them have lost their meaning.
     */
    static List<Map<String, String>> parseDn(String text) throws InvalidNameException {
        List<Map<String, String>> parts = new ArrayList<>();
        for (Rdn rdn : new LdapName(text).getRdns()) {
            Map<String, String> part = new TreeMap<>();
            try {
                NamingEnumeration<? extends Attribute> attributes =
                        rdn.toAttributes().getAll();
                while (attributes.hasMore()) {
                    Attribute attribute = attributes.next();
                    if (attribute.size() != 1) {
                        throw new InvalidNameException(attribute.getID() + " occurs twice in one part");
                    }
                    part.put(attribute.getID().toUpperCase(Locale.ROOT), value(attribute.get()));
                }
            } catch (NamingException e) {
                throw new InvalidNameException("cannot read " + rdn.getType());
            }
            parts.add(0, part);
        }
        return parts;
    }

    // An attribute that has no keyword comes as bytes; the NUL keeps a text from passing for them.
    private static String value(Object value) {
        return value instanceof byte[] bytes ? "\0#" + HexFormat.of().formatHex(bytes) : value.toString();
    }

    boolean hasAlternativeNames() {
        return !dns.isEmpty() || !ips.isEmpty() || !uris.isEmpty();
    }

    /** The alternative names as patterns would be written, for a message. */
    String alternativeNames() {
        List<String> all = new ArrayList<>();
        dns.forEach(name -> all.add("dns:" + name));
        ips.forEach(name -> all.add("ip:" + name));
        uris.forEach(name -> all.add("uri:" + name));
        return String.join("; ", all);
    }
}
