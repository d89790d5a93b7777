package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.VIEW_ORDER_DOWN;
import io.evenkeel.protocols.VIEW_ORDER_UP;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.version.PackVersion;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.infinispan.commons.stat.GaugeMetricInfo;
import org.infinispan.commons.stat.MetricInfo;
import org.infinispan.remoting.transport.jgroups.JGroupsMetricsMetadata;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.protocols.MsgStats;
import org.jgroups.stack.Protocol;

/**
 * Exports the numeric managed attributes of the pack's protocols as gauges.
 *
 * <p>Infinispan exports only protocols that it knew when it was built, by their exact class. The list is read off the
 * annotations, so that an attribute that JMX shows is on {@code /metrics} too, inherited ones included.
 *
 * <p>The figures that the pack itself declares are exported by {@link ProtocolMeters} as well, under the names that
 * stay.
 */
final class ProtocolMetrics {

    /**
     * The figures that Infinispan exports of the message statistics of JGroups' own transports, under the same names.
     */
    private static final List<MetricInfo> MESSAGE_STATS = List.of(
            messageStat("getNumMsgsSent", "Number of messages sent", MsgStats::getNumMsgsSent),
            messageStat("getNumMsgsReceived", "Number of messages received", MsgStats::getNumMsgsReceived),
            messageStat("getNumBytesSent", "Number of bytes sent", MsgStats::getNumBytesSent),
            messageStat("getNumBytesReceived", "Number of bytes received", MsgStats::getNumBytesReceived),
            messageStat("getNumBatchesSent", "Number of message batches sent", MsgStats::getNumBatchesSent),
            messageStat(
                    "getNumBatchesReceived", "Number of message batches received", MsgStats::getNumBatchesReceived));

    private static final String DEPRECATED = "Deprecated, use the series that begins with evenkeel_. ";

    private ProtocolMetrics() {}

    /** Makes the pack's protocols known to Infinispan; safe to call again. */
    static void register() {
        JGroupsMetricsMetadata.PROTOCOL_METADATA.put(JDBC_PING_LEASE.class, withBuildInfo(JDBC_PING_LEASE.class));
        JGroupsMetricsMetadata.PROTOCOL_METADATA.put(STATE_FC.class, withBuildInfo(STATE_FC.class));
        JGroupsMetricsMetadata.PROTOCOL_METADATA.put(VIEW_ORDER_DOWN.class, gauges(VIEW_ORDER_DOWN.class));
        JGroupsMetricsMetadata.PROTOCOL_METADATA.put(VIEW_ORDER_UP.class, gauges(VIEW_ORDER_UP.class));
        List<MetricInfo> transport = withBuildInfo(TCP_NETTY.class);
        transport.addAll(MESSAGE_STATS);
        Stream.of(Refusal.Reason.values()).map(ProtocolMetrics::refusals).forEach(transport::add);
        JGroupsMetricsMetadata.PROTOCOL_METADATA.put(TCP_NETTY.class, transport);
    }

    /** The gauges, and a constant 1 whose labels tell the version. */
    private static List<MetricInfo> withBuildInfo(Class<? extends Protocol> protocol) {
        PackVersion pack = PackVersion.current();
        List<MetricInfo> all = new ArrayList<>(gauges(protocol));
        all.add(new GaugeMetricInfo<Protocol>(
                "buildInfo",
                "Always 1; the labels tell the version and the commit of Evenkeel",
                Map.of("version", pack.version(), "commit", pack.commit()),
                any -> 1));
        return all;
    }

    private static MetricInfo messageStat(String name, String description, Function<MsgStats, Number> stat) {
        return new GaugeMetricInfo<TCP_NETTY>(name, description, null, tp -> stat.apply(tp.getMessageStats()));
    }

    /** A number for each reason, of which JMX shows one text. */
    private static MetricInfo refusals(Refusal.Reason reason) {
        String name = Stream.of(reason.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("", "getRefused", ""));
        return new GaugeMetricInfo<TCP_NETTY>(
                name,
                DEPRECATED + "Peers refused by this member for the reason " + reason,
                null,
                tp -> tp.transportStats().refused(reason).sum());
    }

    static List<MetricInfo> gauges(Class<? extends Protocol> protocol) {
        return numericAttributes(protocol)
                .<MetricInfo>map(getter -> new GaugeMetricInfo<Protocol>(
                        getter.getName(), description(getter), null, instance -> read(getter, instance)))
                .toList();
    }

    /** The getters of those that the pack itself declares, which JGroups' protocols do not have. */
    static List<Method> ownAttributes(Class<? extends Protocol> protocol) {
        return numericAttributes(protocol).filter(ProtocolMetrics::isOwn).toList();
    }

    private static Stream<Method> numericAttributes(Class<? extends Protocol> protocol) {
        return Stream.of(protocol.getMethods()).filter(ProtocolMetrics::isNumericAttribute);
    }

    private static boolean isOwn(Method getter) {
        return getter.getDeclaringClass().getName().startsWith("io.evenkeel.");
    }

    private static String description(Method getter) {
        String text = getter.getAnnotation(ManagedAttribute.class).description();
        return isOwn(getter) ? DEPRECATED + text : text;
    }

    private static boolean isNumericAttribute(Method method) {
        Class<?> type = method.getReturnType();
        return method.isAnnotationPresent(ManagedAttribute.class)
                && method.getParameterCount() == 0
                && (type == int.class || type == long.class || type == double.class);
    }

    static Number read(Method getter, Protocol instance) {
        try {
            return (Number) getter.invoke(instance);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read the attribute " + getter, e);
        }
    }
}
