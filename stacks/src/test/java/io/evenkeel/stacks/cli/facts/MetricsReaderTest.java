package io.evenkeel.stacks.cli.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.stacks.cli.core.MetricFacts;
import io.evenkeel.stacks.cli.core.Rows;
import io.evenkeel.stacks.cli.settings.ManagementEndpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsReaderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String TEXT =
            """
            # HELP evenkeel_tcp_netty_open_connections Connections
            # TYPE evenkeel_tcp_netty_open_connections gauge
            evenkeel_tcp_netty_open_connections{cache_manager="keycloak",cluster="ISPN",node="node-1(v=16.0.14)"} 3.0
            evenkeel_tcp_netty_open_connections{cache_manager="keycloak",cluster="ISPN",other_node="node-2"} 4.0
            evenkeel_state_transfer_segments{node="node-1"} NaN
            evenkeel_tcp_netty_sent_bytes_total{node="node-1"} 1
            process_start_time_seconds 1.7E9
            """;

    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = TEXT.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void seriesAreTheirNodes() {
        Function<LeaseRow, MetricFacts> metrics = read(List.of());

        assertThat(metrics.apply(row("node-1"))).isInstanceOfSatisfying(MetricFacts.Read.class, read -> {
            assertThat(read.openConnections()).isEqualTo(OptionalDouble.of(3));
            assertThat(read.segments()).isEmpty();
            assertThat(read.certificateEndS()).isEmpty();
        });
        assertThat(metrics.apply(row("node-2")))
                .isEqualTo(
                        new MetricFacts.Missing(uri() + " has no series of it; name its endpoint with --metrics-url"));
    }

    @Test
    void whatCannotBeReadHasAReason() {
        status = 404;
        assertThat(read(List.of()).apply(row("node-1")))
                .isEqualTo(new MetricFacts.Missing(uri() + " answers with status 404; set metrics-enabled=true"));
        URI nobody = URI.create("http://127.0.0.1:1/metrics");
        assertThat(read(List.of(nobody)).apply(row("node-1")))
                .isEqualTo(new MetricFacts.Missing(
                        "no --metrics-url has series of it; " + nobody + " cannot be read (ConnectException)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"node-1:9000/metrics", "9000", "/metrics", "ftp://node-1/metrics", "http://node_1:9000/metrics"})
    void aUrlThatIsNotOneOfHttpIsRefusedByName(String text) {
        assertThatThrownBy(() -> read(List.of(URI.create(text))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--metrics-url=" + text + " must be a URL such as http://node-1:9000/metrics");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:7800, http://10.0.0.1:9000/kc/metrics",
        "::1:7800, http://[::1]:9000/kc/metrics",
        "[::1]:7800, http://[::1]:9000/kc/metrics",
        "node one:7800,",
        "node_one:7800,",
        "nothing,"
    })
    void endpointsAreThoseOfTheAddress(String address, URI uri) {
        assertThat(new ManagementEndpoint("http", 9000, "/kc").of(address).orElse(null))
                .isEqualTo(uri);
    }

    private Function<LeaseRow, MetricFacts> read(List<URI> given) {
        ManagementEndpoint endpoint =
                new ManagementEndpoint("http", server.getAddress().getPort(), "");
        return new MetricsReader(given, endpoint, TIMEOUT).read(List.of(row("node-1")));
    }

    private String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/metrics";
    }

    private static LeaseRow row(String name) {
        return Rows.at(Rows.row(name, true, "a|7", 1), "127.0.0.1:7800");
    }
}
