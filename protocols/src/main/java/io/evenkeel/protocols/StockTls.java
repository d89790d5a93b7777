package io.evenkeel.protocols;

import io.evenkeel.protocols.property.Secret;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.annotations.Property;
import org.jgroups.util.Util;

/**
 * What JGroups' TCP calls {@code tls.*}. Whoever changes the transport's element of a stack is told each attribute's name
 * here: to ignore them would be to forget who has to be kept out.
 */
// JGroups writes the fields.
@SuppressWarnings("unused")
public final class StockTls {
    private static final String HERE = "here: ";
    private static final String SWITCH = "enabled";

    @Property(
            description = HERE + "encryption, which is tls unless set",
            exposeAsManagedAttribute = false,
            writable = false)
    private String enabled;

    @Property(description = HERE + "tls_protocols", exposeAsManagedAttribute = false, writable = false)
    private String protocols;

    @Property(description = HERE + "tls_ciphers", exposeAsManagedAttribute = false, writable = false)
    private String cipher_suites;

    @Property(description = HERE + "tls_provider", exposeAsManagedAttribute = false, writable = false)
    private String provider;

    @Property(description = HERE + "keystore_path", exposeAsManagedAttribute = false, writable = false)
    private String keystore_path;

    @Property(
            description = HERE + "keystore_password",
            converter = Secret.Converter.class,
            exposeAsManagedAttribute = false,
            writable = false)
    private Secret keystore_password;

    @Property(description = HERE + "keystore_type", exposeAsManagedAttribute = false, writable = false)
    private String keystore_type;

    @Property(description = HERE + "a keystore with one key", exposeAsManagedAttribute = false, writable = false)
    private String keystore_alias;

    @Property(description = HERE + "truststore_path", exposeAsManagedAttribute = false, writable = false)
    private String truststore_path;

    @Property(
            description = HERE + "truststore_password",
            converter = Secret.Converter.class,
            exposeAsManagedAttribute = false,
            writable = false)
    private Secret truststore_password;

    @Property(description = HERE + "truststore_type", exposeAsManagedAttribute = false, writable = false)
    private String truststore_type;

    @Property(
            description = HERE + "nothing: both sides always show a certificate",
            exposeAsManagedAttribute = false,
            writable = false)
    private String client_auth;

    @Property(description = HERE + "authorized_peers", exposeAsManagedAttribute = false, writable = false)
    private String sni_matchers;

    /** Refuses all but the word that there is no TLS in JGroups' own way. */
    void requireUnset() {
        List<Field> set = set();
        if (set.isEmpty() || isOffOnly(set)) {
            return;
        }
        throw new IllegalArgumentException("attributes of JGroups' TCP that TCP_NETTY has under other names: "
                + set.stream()
                        .map(field -> "tls." + field.getName() + " ("
                                + field.getAnnotation(Property.class).description() + ")")
                        .collect(Collectors.joining(", "))
                + "; rename them");
    }

    /** What is set and may be. */
    List<String> ignored() {
        return isOffOnly(set()) ? List.of("tls." + SWITCH) : List.of();
    }

    private boolean isOffOnly(List<Field> set) {
        return set.size() == 1 && set.get(0).getName().equals(SWITCH) && "false".equalsIgnoreCase(enabled);
    }

    private List<Field> set() {
        return Stream.of(StockTls.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Property.class))
                .filter(field -> Util.getField(field, this) != null)
                .toList();
    }
}
