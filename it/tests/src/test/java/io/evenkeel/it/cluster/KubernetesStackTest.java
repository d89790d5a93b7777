package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Sandbox;
import io.fabric8.mockwebserver.DefaultMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real nodes on {@code --cache-stack=evenkeel-kube}, as two pods: each with an address of its own and the same
 * port, and the environment of a service account. Fabric8's mock of the API answers over HTTPS.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class KubernetesStackTest {
    private static final String TOKEN = "token-of-the-service-account";
    private static final String PODS = "/api/v1/namespaces/keycloak/pods?labelSelector=app%3Dkeycloak";

    private final Credentials admin = RealKeycloak.markedAdmin();
    private final UserSessions users = new UserSessions(admin);
    private final SecureRandom random = new SecureRandom();
    private final DefaultMockServer api = new DefaultMockServer(true);

    @TempDir
    private Path files;

    @Test
    void podsFindEachOther() throws Exception {
        String net = "127." + random.nextInt(1, 255) + "." + random.nextInt(1, 255) + ".";
        List<String> addresses = List.of(net + "10", net + "11");
        Path token = Files.writeString(files.resolve("token"), TOKEN);
        api.start();
        try (Sandbox sandbox = RealKeycloak.sandbox();
                KeycloakCluster cluster = sandbox.newCluster("kube", RealKeycloak.home(sandbox))) {
            api.expect().get().withPath(PODS).andReturn(200, pods(addresses)).always();
            Database database = sandbox.postgres().createDatabase("kube");
            int port = sandbox.ports().free();
            for (String address : addresses) {
                RealKeycloak.add(
                        cluster,
                        "pod-" + address,
                        sandbox.ports().freeForNode(),
                        database,
                        admin,
                        config -> config.withStack("evenkeel-kube")
                                .withOption("--cache-embedded-network-bind-address=" + address)
                                .withOption("--cache-embedded-network-bind-port=" + port)
                                .withEnvironment("KUBERNETES_SERVICE_HOST", "localhost")
                                .withEnvironment("KUBERNETES_SERVICE_PORT", Integer.toString(api.getPort()))
                                .withEnvironment("KUBERNETES_NAMESPACE", "keycloak")
                                .withEnvironment("KUBERNETES_LABELS", "app=keycloak")
                                .withEnvironment(
                                        "KUBERNETES_CA_CERTIFICATE_FILE",
                                        api.getSelfSignedCertificate().certificatePath())
                                .withEnvironment("KUBERNETES_SA_TOKEN_FILE", token.toString()));
            }
            cluster.start();
            cluster.awaitOneView(BOUND);

            RecordedRequest request = api.takeRequest(1, TimeUnit.SECONDS);
            assertThat(request.getHeader("Authorization")).isEqualTo("Bearer " + TOKEN);
            users.refresh(cluster.node(1), users.logIn(cluster.node(0)));
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                assertThat(node.log().lines()).noneMatch(line -> line.contains(TOKEN));
            }
        } finally {
            api.shutdown();
        }
    }

    private static String pods(List<String> addresses) {
        return addresses.stream()
                .map(address -> "{\"metadata\":{\"name\":\"pod-" + address + "\"},\"status\":{\"podIP\":\"" + address
                        + "\",\"phase\":\"Running\"}}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }
}
