package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keycloak's spans of the messages in the cluster, as they come to a collector of OpenTelemetry's protocol. */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class TracingTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String NAME = "tracing";

    /** Takes what is exported over HTTP, and keeps it as it is: protobuf, in which names stand as they are. */
    private static final class Collector implements AutoCloseable {
        private final Queue<String> exported = new ConcurrentLinkedQueue<>();
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

        Collector() throws IOException {
            server.createContext("/", exchange -> {
                exported.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        boolean hasSpan(String name) {
            return exported.stream().anyMatch(body -> body.contains(name));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void messagesOfTheClusterAreTracedOnBothSides() throws Exception {
        try (Collector collector = new Collector()) {
            HomeSpec home = KEYCLOAK.home()
                    .withBuildOption("--tracing-enabled=true")
                    .withBuildOption("--tracing-sampler-type=always_on");
            UnaryOperator<NodeConfig> traced = config -> config.withOption("--tracing-protocol=http/protobuf")
                    .withOption("--tracing-endpoint=" + collector.url());
            try (KeycloakCluster cluster = KEYCLOAK.twoNodes(NAME, home, traced)) {
                cluster.start();
                try (LoginLoad load = new LoginLoad(cluster.nodes(), KEYCLOAK.admin())) {
                    await().atMost(BOUND).until(() -> collector.hasSpan("JGroups.sendSingleMessage"));
                    await().atMost(BOUND)
                            .until(() -> collector.hasSpan("JGroups.deliverSingleMessage")
                                    || collector.hasSpan("deliver-batched-msg"));
                    assertThat(load.failures()).isEmpty();
                }
                cluster.nodes().forEach(node -> assertThat(RealKeycloak.ourErrors(node))
                        .isEmpty());
            }
        }
    }
}
