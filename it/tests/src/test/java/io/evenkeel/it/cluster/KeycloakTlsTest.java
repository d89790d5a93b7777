package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.TestCa;
import io.evenkeel.it.product.CodeBlock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which a Keycloak node gets keys and trust for the cluster, beyond those that {@link KeycloakOptionsTest}
 * (key stores), {@link ClusterLifeTest} (automatic certificates) and {@link PlainTextTest} (clear text) hold.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeycloakTlsTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    /** Long enough for Bouncy Castle FIPS in its approved mode. */
    private static final String PASSWORD = "secret-of-the-store";

    private static final String OURS = "KC_SPI_CACHE_EMBEDDED__DEFAULT__EVENKEEL_";

    private Path files;
    private TestCa keys;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        files = directory;
        keys = new TestCa(files, PASSWORD, new SecureRandom());
        keys.keyStore("keys.p12", "PKCS12", "CN=member");
        keys.trustStore("trust.p12", "PKCS12");
    }

    @Test
    void attributesOfTheStackWinOverAutomaticCertificatesAndPemOptionsNeedNoXml() throws Exception {
        keys.pem("tls", "CN=node-1");
        keys.pem("node-2", "CN=node-2");
        HomeSpec home = KEYCLOAK.home().withConf("pem.xml", configuration("pem.xml", stackOfThePage()));
        Database database = KEYCLOAK.database("pem");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("pem", home)) {
            KeycloakNode byXml = add(cluster, "node-1", database, config -> config.withStack(null)
                    .withOption("--cache-config-file=pem.xml"));
            KeycloakNode byOptions = add(cluster, "node-2", database, config -> config.withEnvironment(
                            OURS + "TLS_CERTIFICATE_FILE",
                            keys.file("node-2.crt").toString())
                    .withEnvironment(
                            OURS + "TLS_KEY_FILE", keys.file("node-2.key").toString())
                    .withOption("--spi-cache-embedded--default--evenkeel-tls-trust-file=" + keys.file("ca.crt"))
                    .withOption("--spi-cache-embedded--default--evenkeel-authorized-peers=dn:CN=node-*")
                    .withOption("--spi-cache-embedded--default--evenkeel-bind-identity-to-address=true"));
            cluster.start();

            assertThat(Stranger.subjectShownBy(byXml)).isEqualTo("CN=node-1");
            assertThat(Stranger.subjectShownBy(byOptions)).isEqualTo("CN=node-2");
            assertThat(byXml.log().ofLevel("INFO"))
                    .filteredOn(line -> line.message().contains("keys and trust come from"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.message())
                            .contains("tls.crt", "ca.crt")
                            .endsWith("not from Keycloak's automatic certificates"));
            assertThat(RealKeycloak.ourErrors(byXml)).isEmpty();
            assertThat(RealKeycloak.ourErrors(byOptions)).isEmpty();

            keys.pem("node-2", "CN=node-2-renewed");
            await().atMost(BOUND).ignoreExceptions().until(() -> Stranger.subjectShownBy(byOptions)
                    .equals("CN=node-2-renewed"));
            assertThat(cluster.inOneView()).isTrue();
        }
    }

    @Test
    void inFipsModeTheJdksTlsRunsOnBcfksStoresAndBoringSslIsRefused() throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        try {
            keys.keyStore("keys.bcfks", "BCFKS", "CN=member");
            keys.trustStore("trust.bcfks", "BCFKS");
        } finally {
            Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
        }
        HomeSpec home = fips(KEYCLOAK.home()).withConf("native.xml", stack("native.xml", "tls_provider=\"openssl\""));
        Database database = KEYCLOAK.database("fips");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("fips", home)) {
            for (String name : new String[] {"node-1", "node-2"}) {
                add(cluster, name, database, config -> KeyStoreOptions.with(config, keys, "bcfks", PASSWORD));
            }
            cluster.start();
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log()
                                .find(Pattern.compile(
                                        "TCP_NETTY.*TLSv1\\.3 \\(JDK, as tls_provider=auto and FIPS mode is on")))
                        .isPresent();
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
            assertThat(Stranger.subjectShownBy(cluster.node(0))).isEqualTo("CN=member");

            KeycloakNode refused = add(cluster, "native", database, config -> config.withStack(null)
                    .withOption("--cache-config-file=native.xml"));
            refused.start();
            assertEnds(refused, "tls_provider=openssl cannot run: FIPS mode is on");
        }
    }

    @Test
    void aWrongPasswordOfEitherStoreIsNamedWithItsFileAndShownNowhere() throws Exception {
        String wrong = "not-the-word-for-it";
        Database database = KEYCLOAK.database("wrong");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("wrong")) {
            KeycloakNode node = add(cluster, "node-1", database, config -> withP12(config)
                    .withEnvironment(KeyStoreOptions.KEY_STORE_PASSWORD, wrong));
            node.start();
            assertWrongPassword(node, "keys.p12", "key-store", wrong);

            node.configure(withP12(node.config()).withEnvironment(KeyStoreOptions.TRUST_STORE_PASSWORD, wrong));
            node.start();
            assertWrongPassword(node, "trust.p12", "trust-store", wrong);
        }
    }

    private void assertWrongPassword(KeycloakNode node, String file, String option, String wrong) {
        assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);
        // Keycloak prints the causes of its own exception below the line.
        List<String> said = node.log().lines().stream()
                .filter(line -> line.contains("its password is wrong") && !line.startsWith("Caused by"))
                .toList();
        assertThat(said)
                .filteredOn(line -> line.contains(file))
                .singleElement()
                .asString()
                .contains(
                        keys.file(file).toString(),
                        "--cache-embedded-mtls-" + option + "-file",
                        "--cache-embedded-mtls-" + option + "-password",
                        "give the password that it was written with");
        assertThat(node.log().lines()).noneMatch(line -> line.contains(wrong) || line.contains(PASSWORD));
    }

    private static HomeSpec fips(HomeSpec home) throws IOException {
        HomeSpec all = home.withBuildOption("--features=fips");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(System.getProperty("evenkeel.fips.jars")))) {
            for (Path jar : jars) {
                all = all.withProvider(jar);
            }
        }
        return all;
    }

    private NodeConfig withP12(NodeConfig config) {
        return KeyStoreOptions.with(config, keys, "p12", PASSWORD);
    }

    private KeycloakNode add(
            KeycloakCluster cluster, String name, Database database, UnaryOperator<NodeConfig> change) {
        return KEYCLOAK.add(cluster, name, database, change);
    }

    private static void assertEnds(KeycloakNode node, String reason) {
        assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);
        assertThat(node.log().ofLevel("ERROR")).anyMatch(line -> line.message().contains(reason));
    }

    /** The stack on docs/operate/tls.md, with the files of this test. */
    private String stackOfThePage() throws IOException {
        String stack = CodeBlock.of(Path.of("docs/operate/tls.md")).stream()
                .filter(block -> block.language().equals("xml"))
                .map(CodeBlock::text)
                .findFirst()
                .orElseThrow();
        assertThat(stack).contains("\"/tls/tls.crt\"", "\"/tls/tls.key\"", "\"/tls/ca.crt\"");
        return stack.replace("\"/tls/", "\"" + files + "/");
    }

    /** A stack that extends ours, with attributes for its transport; returns the file. */
    private Path stack(String name, String attributes) throws IOException {
        return configuration(
                name,
                """
                <stack name="mine" extends="evenkeel-jdbc">
                  <io.evenkeel.protocols.TCP_NETTY %s/>
                </stack>
                """
                        .formatted(attributes));
    }

    /** Writes a configuration with the stack "mine"; returns the file. */
    private Path configuration(String name, String stack) throws IOException {
        return Files.writeString(files.resolve(name), CacheConfigXml.selecting("mine", stack));
    }
}
