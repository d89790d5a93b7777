package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.LogLine;
import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The rotation of Keycloak's automatic certificates ({@code --cache-embedded-mtls-rotation-interval-days}) on three
 * nodes under logins. The coordinator computes when it is due from the time in the certificate's row, at each view; a
 * row that is made two days older is therefore rotated by Keycloak itself when the third node joins.
 */
class AutomaticRotationTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String DATABASE = "automatic";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The certificate and key of all nodes, as Keycloak keeps them in its table SERVER_CONFIG. */
    private record Row(ObjectNode json) {

        Row aged(Duration age) {
            ObjectNode aged = json.deepCopy();
            // Nodes read the row again only if its alias is another than theirs.
            aged.put("alias", alias() + "-aged");
            aged.put("generatedMillis", Instant.now().minus(age).toEpochMilli());
            return new Row(aged);
        }

        String alias() {
            return json.get("alias").asText();
        }

        X509Certificate certificate() throws Exception {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der("crt")));
        }

        TlsMaterial material() throws Exception {
            // Keycloak writes PKCS #1.
            PrivateKeyInfo info = new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                    RSAPrivateKey.getInstance(der("prvKey")));
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            return TlsMaterial.of(new Identity(key, List.of(certificate())), List.of(certificate()));
        }

        private byte[] der(String field) {
            return Base64.getMimeDecoder().decode(json.get(field).asText().replaceAll("-----[A-Z ]+-----", ""));
        }
    }

    @Test
    void keycloakRotatesItsCertificatesAndNoNodeLeavesTheView() throws Exception {
        Database database = KEYCLOAK.database(DATABASE);
        try (KeycloakCluster cluster = KEYCLOAK.cluster(DATABASE)) {
            KeycloakNode first = add(cluster, "node-1", database);
            KeycloakNode second = add(cluster, "node-2", database);
            cluster.start();
            cluster.awaitOneView(BOUND);
            Row before = read();
            assertThat(shownBy(first)).isEqualTo(before.certificate()).isEqualTo(shownBy(second));
            assertThat(Stranger.isTurnedDownBy(first, before.material())).isFalse();

            LoginLoad load = new LoginLoad(cluster.nodes(), KEYCLOAK.admin());
            KeycloakNode third = add(cluster, "node-3", database);
            try (load) {
                write(before.aged(Duration.ofDays(2)));
                third.start();
                awaitRotated(cluster, before);
                third.awaitReady(BOUND);
                cluster.awaitOneView(BOUND);
                int requests = load.requests();
                await().atMost(BOUND).until(() -> load.requests() > requests + 20);
            }
            LoginLoad onAll = new LoginLoad(cluster.nodes(), KEYCLOAK.admin());
            try (onAll) {
                await().atMost(BOUND).until(() -> onAll.requests() > 30);
            }
            System.out.println(load.requests() + " and " + onAll.requests() + " requests, "
                    + (load.failures().size() + onAll.failures().size()) + " failed");

            assertThat(load.failures()).isEmpty();
            assertThat(onAll.failures()).isEmpty();
            assertThat(ClusterLog.viewChanges(first.log().lines()).stream()
                            .map(change -> change.view().size())
                            .toList())
                    .as("each join is a view, and nothing else is")
                    .isIn(List.of(1, 2, 3), List.of(2, 3));
            assertThat(rotations(first) + rotations(second) + rotations(third))
                    .as("the coordinator rotates, once")
                    .isEqualTo(1);
            for (KeycloakNode node : cluster.nodes()) {
                await().atMost(BOUND).until(() -> Stranger.isTurnedDownBy(node, before.material()));
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
        }
    }

    private KeycloakNode add(KeycloakCluster cluster, String name, Database database) {
        return KEYCLOAK.add(
                cluster, name, database, config -> config.withOption("--cache-embedded-mtls-rotation-interval-days=1"));
    }

    /** Every node shows the certificate of the new row, and all of its connections were made with such. */
    private void awaitRotated(KeycloakCluster cluster, Row before) throws Exception {
        await().atMost(BOUND).until(() -> !read().certificate().equals(before.certificate()));
        X509Certificate after = read().certificate();
        for (KeycloakNode node : cluster.nodes()) {
            await().atMost(BOUND).ignoreExceptions().until(() -> shownBy(node).equals(after));
            awaitRemaining(node, "certificate_remaining_seconds", before.certificate(), after);
            awaitRemaining(node, "peer_certificate_remaining_seconds", before.certificate(), after);
        }
        assertThat(after.getNotAfter())
                .as("the old one would show")
                .isAfter(before.certificate().getNotAfter());
    }

    /** A busy node reads its clock some time before its answer is here. */
    private static void awaitRemaining(KeycloakNode node, String name, X509Certificate before, X509Certificate after) {
        RealKeycloak.awaitMetric(
                node,
                "evenkeel_tcp_netty_" + name,
                value -> Math.abs(value - secondsLeft(after)) < Math.abs(value - secondsLeft(before)));
    }

    private static double secondsLeft(X509Certificate certificate) {
        return Duration.between(Instant.now(), certificate.getNotAfter().toInstant())
                        .toMillis()
                / 1000.0;
    }

    private static long rotations(KeycloakNode node) {
        return LogLine.parse(node.log().lines()).stream()
                .filter(line -> line.message().startsWith("Rotating JGroups certificate"))
                .count();
    }

    private static X509Certificate shownBy(KeycloakNode node) throws Exception {
        return Stranger.certificateShownBy(node.config().ports().jgroups());
    }

    private Row read() throws Exception {
        try (Connection connection = KEYCLOAK.postgres().connect(DATABASE);
                PreparedStatement select = connection.prepareStatement(
                        "SELECT value FROM server_config WHERE server_config_key = 'crt_jgroups'");
                ResultSet rows = select.executeQuery()) {
            assertThat(rows.next()).isTrue();
            return new Row((ObjectNode) JSON.readTree(rows.getString(1)));
        }
    }

    private void write(Row row) throws SQLException {
        try (Connection connection = KEYCLOAK.postgres().connect(DATABASE);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE server_config SET value = ? WHERE server_config_key = 'crt_jgroups'")) {
            update.setString(1, row.json().toString());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }
}
