package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.VIEW_ORDER_DOWN;
import io.evenkeel.protocols.VIEW_ORDER_UP;
import io.evenkeel.protocols.transport.core.Refusal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.metrics.config.MicrometerMeterRegistryConfiguration;
import org.jgroups.JChannel;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the pack's protocols as Micrometer's meters, named {@code evenkeel_*} by Prometheus' rules.
 *
 * <p>Infinispan's own way ({@link ProtocolMetrics}) has no counter whose value is read, and names series after getters.
 */
final class ProtocolMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    private ProtocolMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /**
     * Registers the protocols of a channel.
     *
     * @return null where no registry was given to Infinispan, as in Keycloak without {@code --metrics-enabled=true}
     */
    static @Nullable ProtocolMeters of(JChannel channel, GlobalConfiguration configuration) {
        MeterRegistry registry = registry(configuration);
        if (registry == null) {
            return null;
        }
        ProtocolMeters meters = new ProtocolMeters(registry, tags(channel, configuration));
        meters.add(channel.getProtocolStack().findProtocol(JDBC_PING_LEASE.class));
        meters.add(channel.getProtocolStack().findProtocol(STATE_FC.class));
        meters.add(channel.getProtocolStack().findProtocol(VIEW_ORDER_DOWN.class));
        meters.add(channel.getProtocolStack().findProtocol(VIEW_ORDER_UP.class));
        TCP_NETTY transport = channel.getProtocolStack().findProtocol(TCP_NETTY.class);
        meters.add(transport);
        meters.addRefusals(transport);
        return meters;
    }

    /** The registry that was given to Infinispan; null if there is none. */
    static @Nullable MeterRegistry registry(GlobalConfiguration configuration) {
        MicrometerMeterRegistryConfiguration metrics = configuration.module(MicrometerMeterRegistryConfiguration.class);
        return metrics == null ? null : metrics.meterRegistry();
    }

    /** The labels of all series of the pack. */
    static Tags tags(JChannel channel, GlobalConfiguration configuration) {
        return Tags.of(
                "cache_manager", configuration.cacheManagerName(),
                "cluster", channel.getClusterName(),
                "node", String.valueOf(channel.getAddress()));
    }

    private void add(Protocol protocol) {
        if (protocol != null) {
            ProtocolMetrics.ownAttributes(protocol.getClass()).forEach(getter -> add(protocol, getter));
        }
    }

    private void add(Protocol protocol, Method getter) {
        ManagedAttribute attribute = getter.getAnnotation(ManagedAttribute.class);
        MeterName name = MeterName.of(protocol.getClass().getSimpleName(), getter.getName(), attribute);
        ToDoubleFunction<Protocol> value =
                instance -> ProtocolMetrics.read(getter, instance).doubleValue() * name.scale();
        meters.add(
                name.counter()
                        ? FunctionCounter.builder(name.name(), protocol, value)
                                .description(attribute.description())
                                .tags(tags)
                                .register(registry)
                        : Gauge.builder(name.name(), protocol, value)
                                .description(attribute.description())
                                .tags(tags)
                                .register(registry));
    }

    /** One series for each reason, of which JMX shows one text. */
    private void addRefusals(TCP_NETTY transport) {
        if (transport == null) {
            return;
        }
        Stream.of(Refusal.Reason.values())
                .map(reason -> FunctionCounter.builder(
                                "evenkeel_tcp_netty_refusals_total",
                                transport,
                                tp -> tp.transportStats().refused(reason).sum())
                        .description("Peers refused by this member, by reason")
                        .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                        .register(registry))
                .forEach(meters::add);
    }

    /** Takes them out of the registry, which outlives the channel. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
