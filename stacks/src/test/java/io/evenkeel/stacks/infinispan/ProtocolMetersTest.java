package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.Programs;
import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.TCP_NETTY;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.metrics.config.MicrometerMeterRegisterConfigurationBuilder;
import org.infinispan.remoting.transport.jgroups.EmbeddedJGroupsChannelConfigurator;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// Micrometer's registry is the one that Keycloak ships, and Infinispan's option the one that Keycloak sets.
@SuppressWarnings({"deprecation", "removal"})
class ProtocolMetersTest {
    private static final String STACK =
            """
            <config>
              <io.evenkeel.protocols.TCP_NETTY encryption="none" bind_addr="127.0.0.1" bind_port="0"
                  diag.enabled="false"/>
              <LOCAL_PING/>
              <pbcast.NAKACK2 use_mcast_xmit="false"/>
              <UNICAST3/>
              <pbcast.STABLE/>
              <pbcast.GMS print_local_addr="false"/>
              <io.evenkeel.protocols.STATE_FC/>
            </config>""";

    @ParameterizedTest
    @CsvSource({
        "TCP_NETTY, getBytesSent, evenkeel_tcp_netty_sent_bytes_total",
        "TCP_NETTY, getOpenConnections, evenkeel_tcp_netty_open_connections",
        "TCP_NETTY, getCertificateNotAfterEpochS, evenkeel_tcp_netty_certificate_not_after_timestamp_seconds",
        "TCP_NETTY, getCertificateRemainingMs, evenkeel_tcp_netty_certificate_remaining_seconds",
        "TCP_NETTY, getPeerCertificateRemainingMs, evenkeel_tcp_netty_peer_certificate_remaining_seconds",
        "STATE_FC, getQueueingDelayUs, evenkeel_state_fc_queueing_delay_seconds",
        "STATE_FC, getLongestWaitMs, evenkeel_state_fc_longest_wait_seconds",
        "STATE_FC, getPressurePercent, evenkeel_state_fc_pressure_ratio",
        "STATE_FC, getRateBytesPerSecond, evenkeel_state_fc_rate_bytes_per_second",
        "STATE_FC, getBulkMessagesSent, evenkeel_state_fc_bulk_messages_sent_total",
        "JDBC_PING_LEASE, getDatabaseUp, evenkeel_jdbc_ping_lease_database_up",
        "JDBC_PING_LEASE, getLastBeatLatencyMs, evenkeel_jdbc_ping_lease_last_beat_latency_seconds",
    })
    void namesEndWithABaseUnitAndCountersWithTotal(String protocol, String getter, String name) {
        assertThat(names(protocolClass(protocol)).get(getter).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(classes = {JDBC_PING_LEASE.class, TCP_NETTY.class, STATE_FC.class})
    void everyNameOfOursKeepsToTheRules(Class<? extends Protocol> protocol) {
        Map<String, MeterName> names = names(protocol);

        assertThat(names).isNotEmpty();
        assertThat(names.values()).extracting(MeterName::name).doesNotHaveDuplicates();
        assertThat(names.values()).allSatisfy(name -> {
            assertThat(name.name()).matches("evenkeel_[a-z0-9]+(_[a-z0-9]+)*");
            assertThat(name.name().endsWith("_total")).as(name.name()).isEqualTo(name.counter());
            assertThat(List.of(name.name().split("_")))
                    .as("no abbreviated unit")
                    .doesNotContain("ms", "us", "ns", "s", "millis", "kb", "mb", "percent", "num", "get", "count");
        });
    }

    @Test
    void thoseOfARunningChannelAreInTheRegistryUntilItStops() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        DefaultCacheManager manager = started(registry);
        String text;
        try {
            text = registry.scrape();
        } finally {
            manager.stop();
        }

        assertThat(text)
                .contains("# TYPE evenkeel_tcp_netty_sent_bytes_total counter")
                .contains("# TYPE evenkeel_tcp_netty_open_connections gauge")
                .contains("# TYPE evenkeel_tcp_netty_refusals_total counter")
                .contains("reason=\"not_yet_valid\"")
                .contains("# TYPE evenkeel_state_fc_queueing_delay_seconds gauge")
                .containsPattern(
                        "evenkeel_state_fc_in_flight_bytes\\{cache_manager=\"[^\"]+\",cluster=\"meters\",node=\"")
                .contains("# TYPE evenkeel_state_transfer_segments gauge")
                .contains("# TYPE evenkeel_state_transfer_awaited_segments gauge")
                .contains("# TYPE evenkeel_state_transfer_received_bytes gauge")
                .contains("# TYPE evenkeel_state_transfer_received_bytes_per_second gauge")
                .contains("# TYPE evenkeel_state_transfer_remaining_seconds gauge")
                // For one release, the names of before.
                .contains("# HELP vendor_jgroups_tcp_netty_get_bytes_sent Deprecated")
                // Of JGroups' own transports.
                .contains("\nvendor_jgroups_tcp_netty_get_num_msgs_sent{");
        assertThat(registry.scrape()).doesNotContain("evenkeel_");
    }

    @Test
    void promtoolIsContentWithThem(@TempDir Path folder) throws Exception {
        assumeTrue(Programs.areInstalled("promtool"), "promtool is not installed");
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        DefaultCacheManager manager = started(registry);
        String ours;
        try {
            ours = registry.scrape()
                    .lines()
                    .filter(line -> line.matches("(?:# (?:HELP|TYPE) )?evenkeel_.*"))
                    .collect(Collectors.joining("\n", "", "\n"));
        } finally {
            manager.stop();
        }
        assertThat(ours).contains("\nevenkeel_tcp_netty_", "\nevenkeel_state_fc_");
        Path metrics = Files.writeString(folder.resolve("metrics.txt"), ours);
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(metrics.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    private static DefaultCacheManager started(PrometheusMeterRegistry registry) {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.addModule(MicrometerMeterRegisterConfigurationBuilder.class).meterRegistry(registry);
        global.metrics().legacy(true);
        global.transport()
                .clusterName("meters")
                .jgroups()
                .addStack("meters")
                .channelConfigurator(new EmbeddedJGroupsChannelConfigurator("meters", protocols(), null));
        global.transport().stack("meters");
        return new DefaultCacheManager(global.build());
    }

    private static List<org.jgroups.conf.ProtocolConfiguration> protocols() {
        try {
            return ConfiguratorFactory.getStackConfigurator(
                            new ByteArrayInputStream(STACK.getBytes(StandardCharsets.UTF_8)))
                    .getProtocolStack();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, MeterName> names(Class<? extends Protocol> protocol) {
        Map<String, MeterName> names = new TreeMap<>();
        for (Method getter : ProtocolMetrics.ownAttributes(protocol)) {
            names.put(
                    getter.getName(),
                    MeterName.of(
                            protocol.getSimpleName(), getter.getName(), getter.getAnnotation(ManagedAttribute.class)));
        }
        return names;
    }

    private static Class<? extends Protocol> protocolClass(String name) {
        return Map.of(
                        "TCP_NETTY",
                        TCP_NETTY.class,
                        "STATE_FC",
                        STATE_FC.class,
                        "JDBC_PING_LEASE",
                        JDBC_PING_LEASE.class)
                .get(name);
    }
}
