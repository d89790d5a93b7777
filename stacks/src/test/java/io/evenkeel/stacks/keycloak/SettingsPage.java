package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.EventLoopBundler;
import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.version.SupportedVersions;
import io.evenkeel.stacks.EvenkeelStack;
import io.evenkeel.stacks.Placeholder;
import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgroups.Global;
import org.jgroups.annotations.Component;
import org.jgroups.annotations.Property;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Util;
import org.keycloak.provider.ProviderConfigProperty;

/** The table of all settings that do not need XML, with the attributes that they set. */
final class SettingsPage {
    private static final String INFINISPAN = "`<transport>` property ";

    /**
     * The attribute that an option of Keycloak's sets. Empty for the default of a row that names no attribute of a
     * protocol.
     */
    private record Target(Optional<Class<? extends Protocol>> protocol, String name, String standard) {
        static Target attribute(Class<? extends Protocol> protocol, String name) {
            return new Target(Optional.of(protocol), name, "");
        }

        static Target other(String name, String standard) {
            return new Target(Optional.empty(), name, standard);
        }

        String text() {
            return protocol.map(type -> "`" + type.getSimpleName() + "." + name + "`")
                    .orElse(name);
        }
    }

    private static final Map<String, Target> TARGETS = Map.ofEntries(
            Map.entry("stateFcPacing", Target.attribute(STATE_FC.class, "enabled")),
            Map.entry("stateFcTargetDelayUs", Target.attribute(STATE_FC.class, "target_delay_us")),
            Map.entry("stateFcFloor", Target.attribute(STATE_FC.class, "floor")),
            Map.entry("stateFcCap", Target.attribute(STATE_FC.class, "cap")),
            Map.entry("stateChunkSize", Target.other("`chunk-size` of `<state-transfer>`", "by the entries' bytes")),
            Map.entry("restartGrace", Target.other(INFINISPAN + "`" + RestartOptions.GRACE + "`", "`60s`")),
            Map.entry("leaveGuard", Target.other(INFINISPAN + "`" + RestartOptions.GUARD + "`", "`60s`")),
            Map.entry("stockCluster", Target.attribute(JDBC_PING_LEASE.class, "stock_cluster")),
            Map.entry("maxJoinTime", Target.attribute(JDBC_PING_LEASE.class, "max_join_time")),
            Map.entry("leaseLoginTimeout", Target.attribute(JDBC_PING_LEASE.class, "login_timeout")),
            Map.entry("evenkeelTlsCertificateFile", Target.other("`TCP_NETTY.tls.keystore_path`", "")),
            Map.entry("evenkeelTlsKeyFile", Target.attribute(TCP_NETTY.class, "keystore_key_path")),
            Map.entry("evenkeelTlsKeyPassword", Target.other("`TCP_NETTY.tls.keystore_password`", "")),
            Map.entry("evenkeelTlsTrustFile", Target.other("`TCP_NETTY.tls.truststore_path`", "")),
            Map.entry("evenkeelAuthorizedPeers", Target.attribute(TCP_NETTY.class, "authorized_peers")),
            Map.entry("evenkeelBindIdentityToAddress", Target.attribute(TCP_NETTY.class, "bind_identity_to_address")));

    /** Keycloak's options that set a system property which the stacks read. */
    private static final Map<String, String> KEYCLOAKS = Map.of(
            "jgroups.bind.address",
            "cache-embedded-network-bind-address",
            "jgroups.bind.port",
            "cache-embedded-network-bind-port",
            Global.EXTERNAL_ADDR,
            "cache-embedded-network-external-address",
            Global.EXTERNAL_PORT,
            "cache-embedded-network-external-port");

    private final Map<String, String> rows = new LinkedHashMap<>();

    private SettingsPage() {}

    static String text(String command) {
        SettingsPage page = new SettingsPage();
        EvenkeelCacheEmbeddedConfigProviderFactory.ownMetadata().forEach(page::option);
        EvenkeelStack.ALL.forEach(page::stack);
        page.rows.put(
                SupportedVersions.ALLOW_PROPERTY,
                row(
                        "",
                        "",
                        "`" + SupportedVersions.ALLOW_PROPERTY + "`",
                        "",
                        "`false`",
                        "Whether to run beside versions that are not supported, with a warning."));
        return """
                # Settings

                All settings that need no XML, and what they set. Made from the code; do not edit, run
                `%s`

                An option is given to `kc.sh start` as `--NAME=VALUE`, as a line `NAME=VALUE` of `conf/keycloak.conf`,
                or as the environment variable. A system property is given to the JVM, in Keycloak as `-DNAME=VALUE` in
                `JAVA_OPTS_APPEND`. Where several are named the first one that is set counts. An attribute stands in a
                stack's XML; there are [more of them](attributes.md), and one in a stack of your own wins over a system
                property.

                A value that cannot be used ends the start with its name and the limit. So does a name that begins as
                one of the pack's and is none: an option such as `--spi-cache-embedded--default--state-fc-kap`, a
                `<transport>` property that begins with `evenkeel.`, and in Keycloak a system property that begins so.
                JGroups itself refuses an attribute that it does not know.

                """
                        .formatted(command)
                + "| Keycloak's option | environment variable | system property | attribute | default | meaning |\n"
                + "|---|---|---|---|---|---|\n"
                + String.join("", page.rows.values());
    }

    private void option(ProviderConfigProperty option) {
        Target target = TARGETS.get(option.getName());
        if (target == null) {
            throw new AssertionError(option.getName() + " sets nothing that is known here");
        }
        String name = KeycloakOption.PREFIX + KeycloakOption.optionName(option.getName());
        String standard = target.protocol()
                .map(type -> standard(instance(type), target.name()))
                .orElse(target.standard());
        rows.put(
                option.getName(),
                row(
                        "`" + name.substring(2) + "`",
                        "`" + variable(name.substring(2)) + "`",
                        "",
                        target.text(),
                        standard,
                        option.getHelpText()));
    }

    private void stack(EvenkeelStack stack) {
        List<Placeholder> placeholders = Placeholder.of(stack);
        for (ProtocolConfiguration configuration :
                stack.configurator(new Properties()).getProtocolStack()) {
            Class<? extends Protocol> protocol = type(configuration.getProtocolName());
            Set<String> done = new LinkedHashSet<>();
            for (Placeholder placeholder : placeholders) {
                if (placeholder.protocol().equals(configuration.getProtocolName())) {
                    done.add(placeholder.attribute());
                    String otherwise = placeholder.otherwise().isEmpty() ? "" : "`" + placeholder.otherwise() + "`";
                    attribute(protocol, placeholder.attribute(), placeholder.names(), otherwise);
                }
            }
            for (Class<?> at = protocol; at != null; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    Property property = field.getAnnotation(Property.class);
                    if (property != null && property.systemProperty().length > 0 && done.add(name(field, property))) {
                        attribute(
                                protocol,
                                name(field, property),
                                List.of(property.systemProperty()),
                                standard(instance(protocol), name(field, property)));
                    }
                }
            }
        }
    }

    private void attribute(Class<? extends Protocol> protocol, String attribute, List<String> names, String standard) {
        String option = names.stream()
                .map(KEYCLOAKS::get)
                .filter(keycloaks -> keycloaks != null)
                .findFirst()
                .orElse("");
        List<String> variables = new ArrayList<>();
        if (!option.isEmpty()) {
            variables.add(variable(option));
        }
        names.stream().filter(SettingsPage::isVariable).forEach(variables::add);
        List<String> properties =
                names.stream().filter(name -> !isVariable(name)).toList();
        rows.putIfAbsent(
                protocol.getSimpleName() + "." + attribute,
                row(
                        option.isEmpty() ? "" : "`" + option + "`",
                        code(variables),
                        code(properties),
                        "`" + protocol.getSimpleName() + "." + attribute + "`",
                        standard,
                        description(protocol, attribute)));
    }

    private static boolean isVariable(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT));
    }

    private static String code(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String variable(String option) {
        return "KC_" + option.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static Class<? extends Protocol> type(String name) {
        for (String prefix : List.of("", "org.jgroups.protocols.")) {
            try {
                return Class.forName(prefix + name).asSubclass(Protocol.class);
            } catch (ClassNotFoundException e) {
                // The next one.
            }
        }
        throw new AssertionError(name);
    }

    private static Protocol instance(Class<? extends Protocol> protocol) {
        try {
            return protocol.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(protocol.getName(), e);
        }
    }

    private static String standard(Protocol protocol, String attribute) {
        Field field = Util.getField(protocol.getClass(), attribute);
        if (field == null) {
            throw new AssertionError(protocol.getName() + " has no attribute " + attribute);
        }
        Object value = Util.getField(field, protocol);
        return value == null || value instanceof Secret || value.toString().isEmpty() ? "" : "`" + value + "`";
    }

    /** Of an attribute, or of one of a component, which has a dot in its name. */
    private static String description(Class<?> type, String attribute) {
        int dot = attribute.indexOf('.');
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                Property property = field.getAnnotation(Property.class);
                if (dot < 0 && property != null && attribute.equals(name(field, property))) {
                    return property.description();
                }
                Component component = field.getAnnotation(Component.class);
                if (dot > 0 && component != null && component.name().equals(attribute.substring(0, dot))) {
                    Class<?> part = field.getType().isInterface() ? EventLoopBundler.class : field.getType();
                    return description(part, attribute.substring(dot + 1));
                }
            }
            for (Method method : at.getDeclaredMethods()) {
                Property property = method.getAnnotation(Property.class);
                if (dot < 0 && property != null && attribute.equals(name(method, property))) {
                    return property.description();
                }
            }
        }
        throw new AssertionError(type.getSimpleName() + " has no attribute " + attribute);
    }

    private static String name(Field field, Property property) {
        return property.name().isEmpty() ? field.getName() : property.name();
    }

    private static String name(Method method, Property property) {
        return property.name().isEmpty() ? Util.methodNameToAttributeName(method.getName()) : property.name();
    }

    private static String row(String... cells) {
        return Arrays.stream(cells)
                .map(cell -> cell.replace("|", "\\|").replaceAll("\\s+", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
