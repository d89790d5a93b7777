package io.evenkeel.stacks.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.mockwebserver.DefaultMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.protocols.pbcast.GMS;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that look for each other through fabric8's mock of the Kubernetes API, over HTTPS. */
class StrictKubePingTest {
    private static final String TOKEN = "token-of-the-service-account";
    private static final String PODS = "/api/v1/namespaces/keycloak/pods?labelSelector=app%3Dkeycloak";

    private final DefaultMockServer api = new DefaultMockServer(true);
    private final int port = 9_000 + new SecureRandom().nextInt(5_000);

    @TempDir
    private Path files;

    private Path token;
    private Path ca;

    @BeforeEach
    void startApi() throws Exception {
        api.start();
        ca = Path.of(api.getSelfSignedCertificate().certificatePath());
        token = Files.writeString(files.resolve("token"), TOKEN);
    }

    @AfterEach
    void stopApi() {
        api.shutdown();
    }

    @Test
    void twoMembersFindEachOther() throws Exception {
        answer(200, pods("127.0.0.1"));
        try (JChannel a = channel(ca, "");
                JChannel b = channel(ca, "")) {
            a.connect("pods");
            // Without MERGE3 it may not found a cluster of its own, however late the other one answers.
            b.getProtocolStack().<GMS>findProtocol(GMS.class).setJoinTimeout(120_000);
            b.connect("pods");

            Awaitility.await().untilAsserted(() -> {
                assertThat(a.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress());
                assertThat(b.getView().getMembers()).isEqualTo(a.getView().getMembers());
            });
            assertThat(firstRequest().getHeader("Authorization")).isEqualTo("Bearer " + TOKEN);
        }
    }

    @Test
    void theApiIsAskedOnceForAnAttemptToJoin() throws Exception {
        answer(200, pods("127.0.0.1"));
        try (JChannel a = channel(ca, "")) {
            a.connect("pods");
        }
        assertThat(api.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aMemberThatIsNotListedIsToldOnceAndNotWithEachAttempt() throws Exception {
        answer(200, pods("127.0.0.2"));
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is buffered.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger logger = Logger.getLogger(STRICT_KUBE_PING.class.getName());
        logger.addHandler(listener);
        try (JChannel a = channel(ca, "")) {
            a.connect("pods");
            STRICT_KUBE_PING discovery = a.getProtocolStack().findProtocol(STRICT_KUBE_PING.class);

            discovery.findMembers(null, true, false, 1);

            assertThat(api.getRequestCount()).isEqualTo(2);
            assertThat(lines).filteredOn(line -> line.startsWith("EVK0604")).hasSize(1);
        } finally {
            logger.removeHandler(listener);
        }
    }

    @Test
    void aNumberInTheAddressIsNoStatus() {
        api.expect()
                .get()
                .withPath("/api/v1/namespaces/ns-401/pods?labelSelector=app%3Dkeycloak")
                .andReturn(500, "")
                .always();

        assertThatThrownBy(() -> {
                    try (JChannel channel = channel(ca, "", "ns-401")) {
                        channel.connect("pods");
                    }
                })
                .hasStackTraceContaining("network policy")
                .satisfies(failure -> assertThat(failure)
                        .extracting(Throwable::getMessage)
                        .asString()
                        .doesNotContain("saTokenFile"));
    }

    @Test
    void withoutTheFileOfTheCaNoTokenIsSent() {
        answer(200, pods("127.0.0.1"));

        assertThatThrownBy(() -> channel(files.resolve("missing"), "").connect("pods"))
                .hasStackTraceContaining("STRICT_KUBE_PING.caCertFile=" + files.resolve("missing"))
                .hasStackTraceContaining("KUBERNETES_CA_CERTIFICATE_FILE");
        assertThat(api.getRequestCount()).isZero();
    }

    @Test
    void aFileWithoutACertificateIsNoCa() throws Exception {
        Path empty = Files.createFile(files.resolve("empty"));

        assertThatThrownBy(() -> channel(empty, "").connect("pods"))
                .hasStackTraceContaining("caCertFile=" + empty)
                .hasStackTraceContaining("no certificate in it");
        assertThat(api.getRequestCount()).isZero();
    }

    @Test
    void aServerOfAnotherCaIsNotAsked() throws Exception {
        Path other = Path.of(io.vertx.core.net.SelfSignedCertificate.create().certificatePath());

        assertRefused(other, "", "caCertFile=" + other);
        assertThat(api.getRequestCount()).isZero();
    }

    @Test
    void withoutTheRightToListPodsThereIsNoClusterOfOne() {
        answer(403, "{\"kind\":\"Status\",\"code\":403}");

        assertRefused(
                ca,
                "",
                "https://localhost:" + api.getPort(),
                "namespace=keycloak",
                "labels=app=keycloak",
                "RoleBinding");
    }

    @Test
    void aTokenThatIsNotAcceptedIsNamed() {
        answer(401, "{\"kind\":\"Status\",\"code\":401}");

        assertRefused(ca, "", "KUBERNETES_SA_TOKEN_FILE");
    }

    @Test
    void aNamespaceWithoutPodsIsTheWrongOne() {
        answer(200, "{\"items\":[]}");

        assertRefused(ca, "", "namespace=keycloak", "KUBERNETES_LABELS");
    }

    @Test
    void aServerThatIsNotThereEndsTheStart() {
        api.shutdown();

        assertRefused(ca, "", "localhost:" + api.getPort(), "network policy");
    }

    @Test
    void outsideKubernetesThereIsNoServerToAsk() {
        assertThatThrownBy(() -> channel(ca, "masterHost=\"\" masterPort=\"0\""))
                .hasStackTraceContaining("KUBERNETES_SERVICE_HOST")
                .hasStackTraceContaining("evenkeel-jdbc");
    }

    @Test
    void noTokenGoesThroughTheNetworkInClear() {
        assertThatThrownBy(() -> channel(ca, "masterProtocol=\"http\" masterHost=\"192.0.2.1\" masterPort=\"80\""))
                .hasStackTraceContaining("masterProtocol=http")
                .hasStackTraceContaining("must be https");
    }

    private void assertRefused(Path caFile, String attributes, String... words) {
        assertThatThrownBy(() -> {
                    try (JChannel channel = channel(caFile, attributes)) {
                        channel.connect("pods");
                    }
                })
                .satisfies(failure -> {
                    for (String word : words) {
                        assertThat(failure).hasStackTraceContaining(word);
                    }
                });
    }

    private void answer(int status, String body) {
        api.expect().get().withPath(PODS).andReturn(status, body).always();
    }

    private static String pods(String ip) {
        return "{\"items\":[{\"metadata\":{\"name\":\"node\"},\"status\":{\"podIP\":\"" + ip
                + "\",\"phase\":\"Running\"}}]}";
    }

    private RecordedRequest firstRequest() throws InterruptedException {
        return api.takeRequest(120, TimeUnit.SECONDS);
    }

    /** A member; what the attributes name replaces the mock's own address. */
    private JChannel channel(Path caFile, String attributes) throws Exception {
        return channel(caFile, attributes, "keycloak");
    }

    private JChannel channel(Path caFile, String attributes, String namespace) throws Exception {
        String address = attributes.contains("masterHost")
                ? attributes
                : "masterHost=\"localhost\" masterPort=\"" + api.getPort() + "\"";
        String stack =
                """
                <config>
                  <TCP bind_addr="127.0.0.1" bind_port="%d" port_range="10" diag.enabled="false"/>
                  <io.evenkeel.stacks.kubernetes.STRICT_KUBE_PING %s namespace="%s" labels="app=keycloak"
                      port_range="10" operationSleep="10" caCertFile="%s" saTokenFile="%s"/>
                  <pbcast.NAKACK2 use_mcast_xmit="false"/>
                  <UNICAST3/>
                  <pbcast.GMS print_local_addr="false" join_timeout="2s"/>
                </config>"""
                        .formatted(port, address, namespace, caFile, token);
        return new JChannel(new ByteArrayInputStream(stack.getBytes(StandardCharsets.UTF_8)));
    }
}
