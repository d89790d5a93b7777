package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Keycloak's spans of the messages in the cluster, as they come to a collector of OpenTelemetry's protocol. */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class TracingTest {
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
        try (Sandbox sandbox = RealKeycloak.sandbox();
                Collector collector = new Collector()) {
            HomeSpec home = RealKeycloak.home(sandbox)
                    .withBuildOption("--tracing-enabled=true")
                    .withBuildOption("--tracing-sampler-type=always_on");
            Credentials admin = RealKeycloak.markedAdmin();
            Database database = sandbox.postgres().createDatabase(NAME);
            try (KeycloakCluster cluster = sandbox.newCluster(NAME, home)) {
                for (int i = 1; i <= 2; i++) {
                    RealKeycloak.add(
                            cluster,
                            NAME + "-" + i,
                            sandbox.ports().freeForNode(),
                            database,
                            admin,
                            config -> config.withOption("--tracing-protocol=http/protobuf")
                                    .withOption("--tracing-endpoint=" + collector.url()));
                }
                cluster.start();
                try (LoginLoad load = new LoginLoad(cluster.nodes(), admin)) {
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
