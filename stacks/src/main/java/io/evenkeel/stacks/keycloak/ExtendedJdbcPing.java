package io.evenkeel.stacks.keycloak;

import io.evenkeel.stacks.log.StackMessages;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.infinispan.commons.util.FileLookupFactory;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.global.JGroupsConfiguration;
import org.infinispan.configuration.global.StackConfiguration;
import org.infinispan.configuration.global.TransportConfiguration;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.jgroups.protocol.KEYCLOAK_JDBC_PING2;
import org.keycloak.spi.infinispan.impl.embedded.DefaultCacheEmbeddedConfigProviderFactory;

/**
 * A stack of the user's that extends Keycloak's {@code jdbc-ping} or {@code jdbc-ping-udp}, or the pack's own that
 * does.
 *
 * <p>Keycloak makes these two in code, and only when one of them is the selected one; to extend them ends with
 * ISPN000540. Here Keycloak is told that the extended one is selected, and makes it as it always does, with its table,
 * its addresses and its certificates; afterwards the user's stack is selected.
 *
 * @param stack the name of the user's stack
 * @param base the name of Keycloak's stack that it extends, directly or by others
 */
record ExtendedJdbcPing(String stack, String base) {
    private static final Set<String> MADE_BY_KEYCLOAK = Set.of("jdbc-ping", "jdbc-ping-udp");

    /** As Keycloak refuses for its own stacks: they would send in clear although mTLS is on. */
    private static final Set<String> WITHOUT_TLS =
            Set.of("UDP", "org.jgroups.protocols.UDP", "TCP_NIO2", "org.jgroups.protocols.TCP_NIO2");

    /**
     * Looks for it in the user's cache configuration.
     *
     * @return nothing if another stack is selected, as always without a configuration file of the user's
     */
    static Optional<ExtendedJdbcPing> selectedBy(Config.Scope config) throws IOException {
        if (MigrateStack.NAME.equals(config.get(DefaultCacheEmbeddedConfigProviderFactory.STACK))) {
            return Optional.of(new ExtendedJdbcPing(MigrateStack.NAME, "jdbc-ping"));
        }
        String file = config.get(DefaultCacheEmbeddedConfigProviderFactory.CONFIG);
        if (file == null || !mayNameKeycloaksStack(file)) {
            return Optional.empty();
        }
        ConfigurationBuilderHolder holder = registry().parseFile(locationOf(file));
        GlobalConfiguration configuration =
                holder.getGlobalConfigurationBuilder().build();
        String selected = Optional.ofNullable(config.get(DefaultCacheEmbeddedConfigProviderFactory.STACK))
                .orElseGet(() -> configuration.transport().stack());
        return baseOf(selected, configuration.transport()).map(base -> new ExtendedJdbcPing(selected, base));
    }

    /** Spares all others a second reading of the file, with its warnings. */
    private static boolean mayNameKeycloaksStack(String file) throws IOException {
        URL location = FileLookupFactory.newInstance().lookupFileLocation(locationOf(file), classLoader());
        if (location == null) {
            return false; // Keycloak says so itself
        }
        try (var in = location.openStream()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.contains("jdbc-ping") || text.contains("include");
        }
    }

    private static Optional<String> baseOf(String selected, TransportConfiguration transport) {
        String name = selected;
        // As many steps as there are stacks: one that extends itself is Infinispan's to refuse.
        for (int i = 0; i <= transport.jgroups().stacks().size(); i++) {
            String extended = extendedBy(name, transport.jgroups());
            if (extended == null) {
                return Optional.empty();
            }
            if (MADE_BY_KEYCLOAK.contains(extended)) {
                return Optional.of(extended);
            }
            name = extended;
        }
        return Optional.empty();
    }

    private static @Nullable String extendedBy(String name, JGroupsConfiguration jgroups) {
        return jgroups.stacks().stream()
                .filter(stack -> stack.name().equals(name))
                .map(StackConfiguration::extend)
                .findFirst()
                .orElse(null);
    }

    /** As Keycloak looks for it: as a path first, then by its name on the class path. */
    private static String locationOf(String file) {
        Path path = Path.of(file);
        return path.toFile().exists()
                ? path.toFile().getAbsolutePath()
                : path.getFileName().toString();
    }

    private static ParserRegistry registry() {
        return new ParserRegistry(classLoader());
    }

    private static ClassLoader classLoader() {
        return DefaultCacheEmbeddedConfigProviderFactory.class.getClassLoader();
    }

    /** The user's options, in which Keycloak's own stack is the selected one. */
    Config.Scope whereTheBaseIsSelected(Config.Scope config) {
        return (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("get")
                            && DefaultCacheEmbeddedConfigProviderFactory.STACK.equals(arguments[0])) {
                        return base;
                    }
                    try {
                        return method.invoke(config, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * Selects the user's stack in Keycloak's finished configuration.
     *
     * @throws IllegalArgumentException if Keycloak's mTLS is on and the stack has a transport that cannot do TLS
     */
    void selectIn(ConfigurationBuilderHolder holder) {
        if (stack.equals(MigrateStack.NAME)) {
            JGroupsChannelConfigurator keycloaks = holder.getGlobalConfigurationBuilder()
                    .build()
                    .transport()
                    .jgroups()
                    .configurator(base);
            MigrateStack.addTo(holder, keycloaks, KEYCLOAK_JDBC_PING2.class.getName());
        }
        holder.getGlobalConfigurationBuilder().transport().stack(stack);
        GlobalConfiguration configuration =
                holder.getGlobalConfigurationBuilder().build();
        if (configuration.transport().properties().containsKey(JGroupsTransport.SOCKET_FACTORY)) {
            configuration.transport().jgroups().configurator(stack).getProtocolStack().stream()
                    .map(ProtocolConfiguration::getProtocolName)
                    .filter(WITHOUT_TLS::contains)
                    .findFirst()
                    .ifPresent(transport -> {
                        throw KeycloakOption.refusal("the stack " + stack + " has the transport " + transport
                                + ", which cannot do TLS, and Keycloak's mTLS is on: take TCP or TCP_NETTY, or set"
                                + " --cache-embedded-mtls-enabled=false to send everything in clear");
                    });
        }
    }

    /**
     * Keycloak's own part in the channel: its database for its discovery, and the address that it has reserved there.
     */
    ChannelBase channelBase(ConfigurationBuilderHolder holder) {
        return new ChannelBase(holder.getGlobalConfigurationBuilder()
                .build()
                .transport()
                .jgroups()
                .configurator(base));
    }

    /** Keycloak's work on a channel of its own stack. */
    record ChannelBase(JGroupsChannelConfigurator configurator) {
        /** Protected in Infinispan, overridden by Keycloak: there is no other way to the reserved address. */
        private static final MethodHandle AMEND_CHANNEL = amendChannelHandle();

        private static MethodHandle amendChannelHandle() {
            Class<?> owner = AbstractJGroupsChannelConfigurator.class;
            try {
                return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                        .findVirtual(owner, "amendChannel", MethodType.methodType(JChannel.class, JChannel.class));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        StackMessages.INTERNALS_DIFFER.text(owner.getName() + ".amendChannel"), e);
            }
        }

        void afterCreation(Protocol protocol) throws Exception {
            configurator.afterCreation(protocol);
        }

        JChannel amend(JChannel channel) {
            try {
                return (JChannel) AMEND_CHANNEL.invoke(configurator, channel);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("Keycloak cannot configure the channel", e);
            }
        }
    }
}
