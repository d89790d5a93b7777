package io.evenkeel.protocols;

import io.evenkeel.protocols.property.Secret;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jgroups.annotations.Property;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that JGroups' TCP calls {@code tls.*}, all of them. Those that mean the same here are used; the others
 * are refused with what to set in their place, since ignoring them would silently change who is let in.
 */
public final class StockTls {
    private static final String REFUSED = "Of JGroups' TCP, refused: ";

    /** The attributes that this one has under another name or not at all, each with what to set. */
    private static final Map<String, String> REMEDIES = Map.of(
            "enabled", "encryption, which is tls unless set",
            "provider", "tls_provider",
            "keystore_alias", "a keystore with one key",
            "client_auth", "nothing: both sides always show a certificate",
            "sni_matchers", "authorized_peers");

    /** The names that attributes of TCP_NETTY had, each with the one here. */
    private static final Map<String, String> FORMER = new TreeMap<>(Map.of(
            "keystore_path", "keystore_path",
            "keystore_type", "keystore_type",
            "keystore_password", "keystore_password",
            "truststore_path", "truststore_path",
            "truststore_type", "truststore_type",
            "truststore_password", "truststore_password",
            "tls_protocols", "protocols",
            "tls_ciphers", "cipher_suites"));

    @Property(description = "File with this member's private key and certificate chain", writable = false)
    @Nullable String keystore_path;

    @Property(
            description = "Format of tls.keystore_path: PKCS12 (also if not set), JKS, PEM, or another "
                    + "type of a security provider of this JVM, such as BCFKS",
            writable = false)
    @Nullable String keystore_type;

    @Property(
            description = "Opens tls.keystore_path and the key in it",
            converter = Secret.Converter.class,
            exposeAsManagedAttribute = false,
            writable = false)
    @Nullable Secret keystore_password;

    @Property(description = "File with the certificates of the CAs that sign members' certificates", writable = false)
    @Nullable String truststore_path;

    @Property(
            description = "Format of tls.truststore_path: PKCS12 (also if not set), JKS, PEM, or another "
                    + "type of a security provider of this JVM, such as BCFKS",
            writable = false)
    @Nullable String truststore_type;

    @Property(
            description = "Opens tls.truststore_path",
            converter = Secret.Converter.class,
            exposeAsManagedAttribute = false,
            writable = false)
    @Nullable Secret truststore_password;

    @Property(description = "TLSv1.3 (also if not set), TLSv1.2, or both separated by a comma", writable = false)
    @Nullable String protocols;

    @Property(
            description =
                    "Ciphers, separated by commas, in the JDK's names; the provider's choice if not set. Needs the "
                            + "JDK's TLS: BoringSSL does not let TLS 1.3's ciphers be chosen",
            writable = false)
    @Nullable String cipher_suites;

    @Property(description = REFUSED + "encryption takes its place", exposeAsManagedAttribute = false, writable = false)
    @Nullable String enabled;

    @Property(
            description = REFUSED + "tls_provider takes its place",
            exposeAsManagedAttribute = false,
            writable = false)
    @Nullable String provider;

    @Property(description = REFUSED + "a key store has one key", exposeAsManagedAttribute = false, writable = false)
    @Nullable String keystore_alias;

    @Property(
            description = REFUSED + "both sides always show a certificate",
            exposeAsManagedAttribute = false,
            writable = false)
    @Nullable String client_auth;

    @Property(
            description = REFUSED + "authorized_peers takes its place",
            exposeAsManagedAttribute = false,
            writable = false)
    @Nullable String sni_matchers;

    /**
     * Refuses attributes that TCP_NETTY has under another name or not at all. Allowed alone is JGroups' own way to say
     * that there is no TLS.
     */
    void requireNothingLost() {
        List<String> lost = lost();
        if (lost.isEmpty() || isOffOnly()) {
            return;
        }
        throw new IllegalArgumentException("attributes of JGroups' TCP that TCP_NETTY has not: "
                + lost.stream()
                        .map(name -> "tls." + name + " (here: " + REMEDIES.get(name) + ")")
                        .collect(Collectors.joining(", "))
                + "; replace them");
    }

    /** The attributes that are set and do nothing. */
    List<String> ignored() {
        return isOffOnly() ? List.of("tls.enabled") : List.of();
    }

    private boolean isOffOnly() {
        return lost().equals(List.of("enabled")) && "false".equalsIgnoreCase(enabled);
    }

    private List<String> lost() {
        return REMEDIES.keySet().stream()
                .filter(name -> get(this, name) != null)
                .sorted()
                .toList();
    }

    /**
     * These attributes, each with the value of its former name where only that is set.
     *
     * @param protocol the protocol that has the former names
     * @throws IllegalArgumentException if one is set by both names; one line
     */
    StockTls orFormer(Protocol protocol) {
        StockTls merged = new StockTls();
        for (String former : FORMER.keySet()) {
            String name = FORMER.get(former);
            Object value = get(this, name);
            Object formerValue = get(protocol, former);
            if (value != null && formerValue != null) {
                throw new IllegalArgumentException(
                        former + " is the former name of tls." + name + ", and both are set; remove " + former);
            }
            Util.setField(field(merged, name), merged, value != null ? value : formerValue);
        }
        return merged;
    }

    /** The former names that are set, each with the name of today. */
    static String renamed(Protocol protocol) {
        return FORMER.keySet().stream()
                .filter(former -> get(protocol, former) != null)
                .map(former -> former + " is tls." + FORMER.get(former))
                .collect(Collectors.joining(", "));
    }

    private static Object get(Object target, String name) {
        return Util.getField(field(target, name), target);
    }

    private static Field field(Object target, String name) {
        return Util.getField(target.getClass(), name);
    }
}
