package io.evenkeel.certs.core;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import org.jspecify.annotations.Nullable;

/**
 * One pattern of a {@link PeerPolicy}.
 *
 * @param text as it was written
 * @param kind what it looks at
 * @param test whether a peer of these names fits
 */
record PeerPattern(String text, Kind kind, Predicate<PeerNames> test) {

    /** The subject of a pattern. */
    enum Kind {
        DNS,
        IP,
        URI,
        DN
    }

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";

    // Only texts that can be nothing but addresses get to InetAddress, which would ask the name server for others.
    private static final Pattern ADDRESS =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** As in a list that was separated by commas: it would fit nobody. */
    private static final Pattern NO_DNS_NAME = Pattern.compile("[,\\s:/]");

    static PeerPattern parse(String text) {
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1).trim();
        String kind = colon < 0 ? "" : text.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("names nothing");
        }
        return switch (kind) {
            case "dns" -> dns(text, value);
            case "ip" -> ip(text, value);
            case "uri" -> {
                Glob glob = Glob.within('/', value);
                yield new PeerPattern(
                        text, Kind.URI, names -> names.uris().stream().anyMatch(glob::matches));
            }
            case "dn" -> dn(text, value);
            default -> throw new IllegalArgumentException("must begin with dns:, ip:, uri: or dn:");
        };
    }

    private static PeerPattern dns(String text, String value) {
        if (NO_DNS_NAME.matcher(value).find()) {
            throw new IllegalArgumentException("has a character that no DNS name has; separate patterns by ';'");
        }
        Glob glob = Glob.within('.', value.toLowerCase(Locale.ROOT));
        return new PeerPattern(text, Kind.DNS, names -> names.dns().stream().anyMatch(glob::matches));
    }

    private static PeerPattern dn(String text, String value) {
        List<Map<String, String>> parts;
        try {
            parts = PeerNames.parseDn(value);
        } catch (InvalidNameException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "is no distinguished name (RFC 4514), such as dn:CN=node-*,O=Example", e);
        }
        List<Map<String, Glob>> globs = parts.stream().map(PeerPattern::globs).toList();
        return new PeerPattern(text, Kind.DN, names -> matches(globs, names.dn()));
    }

    private static Map<String, Glob> globs(Map<String, String> part) {
        Map<String, Glob> globs = new TreeMap<>();
        part.forEach((keyword, value) -> globs.put(keyword, Glob.whole(value)));
        return globs;
    }

    private static boolean matches(@Nullable Glob wanted, String value) {
        return wanted != null && wanted.matches(value);
    }

    private static boolean matches(List<Map<String, Glob>> globs, List<Map<String, String>> dn) {
        if (globs.size() != dn.size()) {
            return false;
        }
        for (int i = 0; i < dn.size(); i++) {
            Map<String, String> part = dn.get(i);
            Map<String, Glob> wanted = globs.get(i);
            if (!wanted.keySet().equals(part.keySet())
                    || !part.entrySet().stream().allMatch(e -> matches(wanted.get(e.getKey()), e.getValue()))) {
                return false;
            }
        }
        return true;
    }

    private static PeerPattern ip(String text, String value) {
        int slash = value.indexOf('/');
        byte[] network = address(slash < 0 ? value : value.substring(0, slash));
        int bits = slash < 0 ? network.length * Byte.SIZE : prefix(value.substring(slash + 1), network.length);
        return new PeerPattern(text, Kind.IP, names -> names.ips().stream()
                .anyMatch(ip -> isAddress(ip) && sameNetwork(network, address(ip), bits)));
    }

    private static int prefix(String text, int addressBytes) {
        int most = addressBytes * Byte.SIZE;
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("has a prefix of " + text + " bits, must be 0 to " + most);
        }
        return Integer.parseInt(text);
    }

    // A certificate may bear anything, such as an address and a mask, which belong into a name constraint.
    private static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    private static byte[] address(String text) {
        if (!isAddress(text)) {
            throw new IllegalArgumentException("is no IP address or network, such as ip:10.1.0.0/16");
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is no IP address or network, such as ip:10.1.0.0/16", e);
        }
    }

    private static boolean sameNetwork(byte[] network, byte[] address, int bits) {
        if (network.length != address.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        int rest = bits % Byte.SIZE;
        if (!Arrays.equals(network, 0, whole, address, 0, whole)) {
            return false;
        }
        int mask = 0xFF << (Byte.SIZE - rest);
        return rest == 0 || ((network[whole] ^ address[whole]) & mask) == 0;
    }
}
