package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.VIEW_ORDER_DOWN;
import io.evenkeel.protocols.VIEW_ORDER_UP;
import io.evenkeel.protocols.transport.core.Refusal;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.infinispan.commons.stat.GaugeMetricInfo;
import org.infinispan.commons.stat.MetricInfo;
import org.infinispan.remoting.transport.jgroups.JGroupsMetricsMetadata;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolMetricsTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                JDBC_PING_LEASE.class,
                TCP_NETTY.class,
                STATE_FC.class,
                VIEW_ORDER_DOWN.class,
                VIEW_ORDER_UP.class
            })
    void everyProtocolHasGaugesWithADescription(Class<? extends Protocol> protocol) {
        ProtocolMetrics.register();
        Collection<MetricInfo> metrics = JGroupsMetricsMetadata.PROTOCOL_METADATA.get(protocol);

        assertThat(metrics).isNotEmpty();
        assertThat(ProtocolMetrics.gauges(protocol))
                .filteredOn(metric -> isOurs(protocol, metric.getName()))
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(metric.getDescription()).isNotBlank());
    }

    @Test
    void noNameIsExportedTwice() {
        ProtocolMetrics.register();

        assertThat(JGroupsMetricsMetadata.PROTOCOL_METADATA.get(TCP_NETTY.class))
                .extracting(MetricInfo::getName)
                .doesNotHaveDuplicates();
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyReasonOfARefusalIsANumber() {
        ProtocolMetrics.register();
        TCP_NETTY transport = new TCP_NETTY();
        transport.transportStats().refused(Refusal.Reason.NOT_YET_VALID).increment();

        Map<String, Number> values = JGroupsMetricsMetadata.PROTOCOL_METADATA.get(TCP_NETTY.class).stream()
                .filter(metric -> metric.getName().startsWith("getRefused"))
                .collect(Collectors.toMap(MetricInfo::getName, metric -> ((GaugeMetricInfo<Protocol>) metric)
                        .getGauge(transport)
                        .get()));

        assertThat(values).hasSize(Refusal.Reason.values().length).containsEntry("getRefusedNotYetValid", 1L);
        assertThat(values.values().stream().mapToLong(Number::longValue).sum()).isEqualTo(1);
    }

    private static boolean isOurs(Class<?> protocol, String getter) {
        try {
            return protocol.getMethod(getter).getDeclaringClass().getName().startsWith("io.evenkeel.");
        } catch (NoSuchMethodException e) {
            throw new AssertionError(getter + " is exported and does not exist", e);
        }
    }
}
