package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates and the CA of two running Keycloak nodes are exchanged by {@code evenkeel-certs} while users log in: one
 * node has Keycloak's key stores, where the tool wrote them and with the options that it printed, the other PEM files
 * as a mounted secret.
 */
class CertificateRotationTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    /** Each is a JVM. */
    private static final Duration A_RUN = Duration.ofSeconds(2);

    private static final String OURS = "--spi-cache-embedded--default--evenkeel-";
    private static final Pattern SILENT = Pattern.compile("cannot connect|does not speak TLS");
    private static final Pattern PASSWORD = Pattern.compile("  (KC_\\w+_PASSWORD)=\"\\$\\(cat (.*)\\)\"");

    @TempDir
    private Path files;

    private MountedSecret secret;
    private List<String> issued;

    @BeforeEach
    void open() throws Exception {
        certs("init-ca", "--cluster", "rotated");
        issued = certs("issue", "node-1", "node-2");
        secret = new MountedSecret(Files.createDirectory(files.resolve("mount")));
        deploy();
        Files.createDirectory(files.resolve("before"));
        for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
            Files.copy(made("node-1").resolve(file), files.resolve("before").resolve(file));
        }
    }

    private List<String> certs(String... arguments) throws Exception {
        CertsJar run = CertsJar.run(files, arguments);
        assertThat(run.status()).as(run.output().toString()).isZero();
        return run.output();
    }

    private Path made(String node) {
        return files.resolve("pki/nodes").resolve(node);
    }

    /**
     * As an operator copies to the node with the mounted secret; the other one reads the files that the tool writes.
     */
    private void deploy() throws IOException {
        secret.replace(made("node-2"));
    }

    /**
     * The lines that {@code issue} printed for keycloak.conf and for the environment, as far as it is for key stores.
     */
    private NodeConfig asPrinted(NodeConfig node) {
        NodeConfig config = node;
        for (String line : issued) {
            Matcher password = PASSWORD.matcher(line);
            if (line.startsWith("  cache-embedded-mtls-") || line.contains("-authorized-peers=")) {
                config = config.withOption("--" + line.strip());
            } else if (password.matches()) {
                config = config.withEnvironment(password.group(1), firstLine(Path.of(password.group(2))));
            }
        }
        return config;
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void certificatesAndTheCaAreExchangedUnderLogins() throws Exception {
        Database database = KEYCLOAK.database("rotated");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("rotated")) {
            KEYCLOAK.add(cluster, "node-1", database, this::asPrinted);
            KEYCLOAK.add(cluster, "node-2", database, config -> config.withOption(
                            OURS + "tls-certificate-file=" + secret.file("tls.crt"))
                    .withOption(OURS + "tls-key-file=" + secret.file("tls.key"))
                    .withOption(OURS + "tls-trust-file=" + secret.file("ca.crt"))
                    .withOption(OURS + "authorized-peers=uri:spiffe://rotated/node/*"));
            cluster.start();
            cluster.awaitOneView(BOUND);
            List<Optional<ClusterView>> views =
                    cluster.nodes().stream().map(KeycloakNode::view).toList();
            LoginLoad load = new LoginLoad(cluster.nodes(), KEYCLOAK.admin());
            try (load) {
                exchange(cluster);
                int requests = load.requests();
                await().atMost(BOUND).until(() -> load.requests() > requests + 20);
            }
            System.out.println(load.requests() + " requests, " + load.failures().size() + " failed");

            assertThat(load.failures()).isEmpty();
            assertThat(cluster.nodes().stream().map(KeycloakNode::view).toList())
                    .isEqualTo(views);
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                assertThat(RealKeycloak.metric(node, "evenkeel_tcp_netty_certificate_remaining_seconds"))
                        .isBetween(364 * 86_400.0, 365 * 86_400.0);
                assertThat(RealKeycloak.metric(node, "evenkeel_tcp_netty_peer_certificate_remaining_seconds"))
                        .isBetween(364 * 86_400.0, 365 * 86_400.0);
            }
        }
    }

    private void exchange(KeycloakCluster cluster) throws Exception {
        TlsMaterial before = TlsMaterial.fromStores(
                StoreFile.pem(files.resolve("before/tls.crt"), files.resolve("before/tls.key"), null),
                new StoreFile(files.resolve("before/ca.crt"), "PEM", null));
        certs("renew");
        deploy();
        awaitCertificates(cluster);

        certs("rotate-ca");
        deploy();
        rotateWhenSeen(cluster);
        deploy();
        awaitCertificates(cluster);
        rotateWhenSeen(cluster);
        assertThat(Stranger.isTurnedDownBy(cluster.node(1), before))
                .as("the old CA is trusted until it is dropped")
                .isFalse();
        deploy();
        for (KeycloakNode node : cluster.nodes()) {
            await().atMost(BOUND).until(() -> Stranger.isTurnedDownBy(node, before));
        }
    }

    /** Asks the nodes themselves until they have taken the files. */
    private void rotateWhenSeen(KeycloakCluster cluster) {
        String[] arguments = {"rotate-ca", "--at", at(cluster.node(0)), "--at", at(cluster.node(1))};
        await().pollInterval(A_RUN).atMost(BOUND).until(() -> {
            CertsJar run = CertsJar.run(files, arguments);
            String output = run.output().toString();
            // A node that is short of processor time may answer too late.
            if (!SILENT.matcher(output).find()) {
                assertThat(run.status()).as(output).isIn(0, CertsJar.WAITING);
            }
            return run.status() == 0;
        });
    }

    private static String at(KeycloakNode node) {
        return node.name() + "=127.0.0.1:" + node.config().ports().jgroups();
    }

    private void awaitCertificates(KeycloakCluster cluster) throws Exception {
        for (KeycloakNode node : cluster.nodes()) {
            X509Certificate wanted;
            try (InputStream in = Files.newInputStream(made(node.name()).resolve("tls.crt"))) {
                wanted = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
            }
            await().atMost(BOUND).ignoreExceptions().until(() -> Stranger.certificateShownBy(
                            node.config().ports().jgroups())
                    .equals(wanted));
        }
    }
}
