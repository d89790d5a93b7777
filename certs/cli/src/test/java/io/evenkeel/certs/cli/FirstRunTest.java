package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.certs.SelfHandshake;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** init-ca, issue, inspect, verify and completion, by the jar as a user runs it where that is what counts. */
class FirstRunTest {
    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void open() {
        cli = new Cli(directory);
    }

    @Test
    void twoCommandsMakeAClusterAndEachIsRunAsAUserRunsIt() throws Exception {
        long startNs = System.nanoTime();
        cli.jar("--version").ok();
        System.out.println("evenkeel-certs --version took " + (System.nanoTime() - startNs) / 1_000_000 + " ms");

        assertThat(cli.jar("init-ca", "--cluster", "prod").ok().out()).contains("Next: evenkeel-certs issue");
        String issued = cli.jar("issue", "node-1", "node-2", "--san", "ip:127.0.0.1")
                .ok()
                .out();

        assertThat(issued)
                .contains(
                        "dns:node-1, ip:127.0.0.1, uri:spiffe://prod/node/node-1",
                        "cache-embedded-mtls-key-store-file="
                                + cli.node("node-1").resolve("keystore.p12").toRealPath(),
                        "KC_CACHE_EMBEDDED_MTLS_TRUST_STORE_PASSWORD=\"$(cat ",
                        "spi-cache-embedded--default--evenkeel-tls-certificate-file=",
                        "spi-cache-embedded--default--evenkeel-authorized-peers=uri:spiffe://prod/node/*",
                        "truststore_type=\"PEM\"");
        for (String secret : List.of("keystore.password", "truststore.password")) {
            assertThat(issued)
                    .doesNotContain(
                            Files.readString(cli.node("node-1").resolve(secret)).strip());
        }
        assertThat(cli.jar("verify", "--authorized-peers", "uri:spiffe://prod/node/*")
                        .ok()
                        .out())
                .contains("all 2 accept each other");
        assertThat(cli.jar("inspect", "pki/nodes/node-1/keystore.p12").ok().out())
                .contains("subject: CN=node-1,O=prod", "extendedKeyUsage: serverAuth, clientAuth");
        JsonNode json = new ObjectMapper()
                .readTree(cli.jar("inspect", "--json", "pki/nodes/node-2/tls.crt")
                        .ok()
                        .out());
        JsonNode certificate = json.at("/entries/0/certificates/0");
        assertThat(certificate.get("subject").asText()).isEqualTo("CN=node-2,O=prod");
        assertThat(certificate.get("secondsLeft").asLong()).isGreaterThan(364 * 86400);
        assertThat(json.get("problems")).isEmpty();
        assertThat(cli.jar("completion").ok().out()).contains("complete -F", "init-ca", "--san");
    }

    @Test
    void eachCommandHasAnExampleAndALineInTheList() {
        Main.commandLine().getSubcommands().forEach((command, line) -> {
            assertThat(Cli.inJvm(command, "--help").ok().out()).contains("Example:", "evenkeel-certs " + command);
            // The list of commands shows the first line only.
            assertThat(line.getCommandSpec().usageMessage().description()[0])
                    .as(command)
                    .endsWith(".");
        });
    }

    @Test
    void theTransportTakesBothFormsAndTheOtherNodeAcceptsThem() throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a", "b").ok();
        TlsMaterial a = TlsMaterial.fromStores(store("a", "keystore"), store("a", "truststore"));
        Path pem = cli.node("b");
        TlsMaterial b = TlsMaterial.fromStores(
                StoreFile.pem(pem.resolve("tls.crt"), pem.resolve("tls.key"), null),
                new StoreFile(pem.resolve("ca.crt"), "PEM", null));

        SelfHandshake.run(a, b);
        SelfHandshake.run(b, a);
    }

    private StoreFile store(String node, String name) throws Exception {
        return new StoreFile(
                cli.node(node).resolve(name + ".p12"),
                "PKCS12",
                PasswordSource.read(cli.node(node).resolve(name + ".password")));
    }

    @Test
    void secretsAreTheirOwnersAloneAndCertificatesAreAnybodys() throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a").ok();
        for (String secret : List.of("tls.key", "keystore.p12", "keystore.password", "truststore.password")) {
            assertThat(permissions(cli.node("a").resolve(secret))).isEqualTo("rw-------");
        }
        for (String secret : List.of("ca.key", "ca.password")) {
            assertThat(permissions(cli.pki().resolve("ca-1").resolve(secret))).isEqualTo("rw-------");
        }
        assertThat(permissions(cli.node("a").resolve("tls.crt"))).isEqualTo("rw-r--r--");
        assertThat(Files.readString(cli.pki().resolve("ca-1/ca.key"))).contains("ENCRYPTED PRIVATE KEY");
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void theAuthoritySignsNodesOnly() throws Exception {
        cli.run("init-ca", "--key", "p384").ok();
        X509Certificate ca =
                CertificateFile.read(cli.pki().resolve("ca-1/ca.crt")).get(0);
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getCriticalExtensionOIDs()).contains("2.5.29.19", "2.5.29.15");
        assertThat(ca.getExtensionValue("2.5.29.14")).as("subject key id").isNotNull();
        assertThat(ca.getSigAlgName()).isEqualTo("SHA384withECDSA");
    }

    @ParameterizedTest
    @CsvSource({"p256,PKCS12", "p384,JKS", "rsa3072,BCFKS", "ed25519,PKCS12"})
    void eachKindOfKeyAndStore(String key, String type) {
        cli.run("init-ca", "--key", key).ok();
        cli.run("issue", "a", "b", "--key", key, "--store-type", type).ok();
        assertThat(cli.run("verify").ok().out()).contains("all 2 accept each other");
        String ending = StoreType.valueOf(type).ending();
        Cli.inJvm("inspect", cli.node("a").resolve("keystore." + ending).toString())
                .ok();
        Cli.inJvm("inspect", cli.node("a").resolve("truststore." + ending).toString())
                .ok();
    }

    @Test
    void nothingIsReplacedUnlessItIsAskedFor() throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a").ok();
        byte[] before = Files.readAllBytes(cli.node("a").resolve("keystore.p12"));

        cli.run("init-ca").failed(ExitCode.EXISTS, "ca-1/ca.crt exists already", "--force");
        cli.run("issue", "b", "a").failed(ExitCode.EXISTS, "nodes/a/tls.crt exists already", "renew a", "--force");

        assertThat(cli.node("b")).doesNotExist();
        assertThat(cli.node("a").resolve("keystore.p12")).hasBinaryContent(before);
        cli.run("issue", "a", "--force").ok();
        assertThat(Files.readAllBytes(cli.node("a").resolve("keystore.p12"))).isNotEqualTo(before);
        assertThat(cli.pki().resolve("issued.tsv")).content().hasLineCount(2);
    }

    @Test
    void aPasswordIsTakenFromAFileOrTheEnvironmentAndThenKeptNowhere() throws Exception {
        Path secret = Files.writeString(cli.file("secret"), "s3cret-of-the-test\nsecond line\n");
        cli.run("init-ca", "--ca-password-file", secret.toString()).ok();
        assertThat(cli.pki().resolve("ca-1/ca.password")).doesNotExist();
        cli.run("issue", "a").failed(ExitCode.FAILED, "ca.key", "--ca-password-file");
        cli.run("issue", "a", "--ca-password-file", secret.toString(), "--password-file", secret.toString())
                .ok();
        assertThat(cli.node("a").resolve("keystore.password")).doesNotExist();
        Cli.inJvm(
                        "inspect",
                        "--password-file",
                        secret.toString(),
                        cli.node("a").resolve("keystore.p12").toString())
                .ok();
        cli.run("issue", "b", "--ca-password-env", "EVENKEEL_NO_SUCH_VARIABLE")
                .failed(ExitCode.FAILED, "EVENKEEL_NO_SUCH_VARIABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "-x", "a/b", "a,b", "ü", "a b"})
    void aNameThatIsNoneIsRefused(String name) {
        cli.run("init-ca").ok();
        assertThat(cli.run("issue", "--", name).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.pki().resolve("nodes")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "0,2,--days=0 must be 1 to 36500",
        "36501,2,--days=36501 must be 1 to 36500",
        "3651,1,before the certificate would"
    })
    void daysAreRefusedOutsideOfTheirBounds(String days, int code, String reason) {
        cli.run("init-ca").ok();
        cli.run("issue", "a", "--days", days).failed(code, reason);
        assertThat(cli.node("a")).doesNotExist();
    }

    @Test
    void aStrangersCertificateIsRefusedWithTheReason() {
        cli.run("init-ca").ok();
        cli.run("issue", "a").ok();
        Cli other = new Cli(cli.file("other"));
        other.run("init-ca").ok();
        other.run("issue", "b").ok();

        Cli.Result result = cli.run("verify", "a", other.node("b").toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.out()).contains("a: peer ", "authority that is not trusted");
        Cli.Result name = cli.run("verify", "a", "--authorized-peers", "dns:*.kc.example");
        assertThat(name.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(name.out()).contains("fits none of the allowed patterns");
    }

    @Test
    void withoutACaTheFirstCommandIsNamed() {
        cli.run("issue", "a").failed(ExitCode.FAILED, "run init-ca first");
        cli.run("verify", "a").failed(ExitCode.FAILED, "nodes/a", "issue a");
    }
}
