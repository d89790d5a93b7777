package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * inspect, verify and rotate-ca against HOST:PORT: a node that speaks TLS with the tool's own files, and ports that do
 * not.
 */
class RunningNodeTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void issue() {
        cli = new Cli(directory);
        cli.run("init-ca", "--cluster", "prod").ok();
        cli.run("issue", "a", "b").ok();
    }

    private static Identity identity(Cli of, String node) throws Exception {
        return Identity.read(
                StoreFile.pem(of.node(node).resolve("tls.crt"), of.node(node).resolve("tls.key"), null), Instant.now());
    }

    private static List<X509Certificate> trusted(Cli of) throws Exception {
        return CertificateFile.read(of.pki().resolve("ca-1/ca.crt"));
    }

    private CertificateAuthority authority() throws Exception {
        return new PkiDirectory(cli.pki()).authority(1, new PasswordSource(null, null));
    }

    private Cli another() {
        Cli other = new Cli(cli.file("other"));
        other.run("init-ca", "--cluster", "prod").ok();
        other.run("issue", "b").ok();
        return other;
    }

    @Test
    void aNodeOfTheClusterIsShownAndAccepted() throws Exception {
        try (TlsNode b = TlsNode.speaking(identity(cli, "b"), trusted(cli))) {
            assertThat(Cli.inJvm("inspect", b.address()).ok().out())
                    .startsWith(b.address() + " (TLS)")
                    .contains("shown by the node", "subject: CN=b,O=prod", "spiffe://prod/node/b")
                    .doesNotContain("PROBLEM");
            JsonNode json = new ObjectMapper()
                    .readTree(Cli.inJvm("inspect", "--json", b.address()).ok().out());
            assertThat(json.get("source").asText()).isEqualTo(b.address());
            assertThat(json.at("/entries/0/certificates/0/subject").asText()).isEqualTo("CN=b,O=prod");

            assertThat(cli.run("verify", "a", b.address(), "--authorized-peers", "uri:spiffe://prod/node/*")
                            .ok()
                            .out())
                    .isEqualTo("all 2 accept each other" + System.lineSeparator());
            assertThat(cli.jar("verify", "a", "b", b.address()).ok().out()).contains("all 3 accept each other");
        }
    }

    @Test
    void aNodeThatSaysNothingBehindTheHandshakeIsNotTakenForOneThatAccepts() throws Exception {
        try (TlsNode b = TlsNode.listening(identity(cli, "b"), trusted(cli))) {
            assertThat(cli.run("verify", "a", b.address()).ok().out())
                    .contains("note: " + b.address() + " has not refused a and said nothing either");
        }
    }

    @Test
    void aNodeOfAnotherAuthorityIsRefusedOnBothSides() throws Exception {
        Cli other = another();
        try (TlsNode b = TlsNode.speaking(identity(other, "b"), trusted(other))) {
            Cli.inJvm("inspect", b.address()).ok();
            Cli.Result result = cli.run("verify", "a", b.address());

            assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.REFUSED);
            assertThat(result.out().lines())
                    .as("this side's verdict, and the node's")
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("a: peer " + b.address() + " refused: ")
                            && line.contains("authority that is not trusted"))
                    // The reset may overtake the alert.
                    .anyMatch(
                            line -> line.contains("refused this member") || line.contains("broke the connection off"));
        }
    }

    @Test
    void anExpiredCertificateIsAProblemAndIsRefused() throws Exception {
        Instant now = Instant.now();
        Identity expired = authority()
                .issue(
                        CertificateSpec.node("CN=b,O=prod", now.minus(Duration.ofMinutes(50)), now.minusSeconds(60)),
                        RANDOM);
        try (TlsNode b = TlsNode.speaking(expired, trusted(cli))) {
            Cli.Result shown = Cli.inJvm("inspect", b.address());
            assertThat(shown.exitCode()).as(shown.err()).isEqualTo(ExitCode.REFUSED);
            assertThat(shown.out()).contains("PROBLEM: ", "expired");

            Cli.Result result = cli.run("verify", "a", b.address());
            assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.REFUSED);
            assertThat(result.out()).contains("a: peer " + b.address() + " refused: the certificate has expired");
        }
    }

    @Test
    void aCertificateWithoutAnAuthorizedNameIsRefusedWithItsNames() throws Exception {
        try (TlsNode b = TlsNode.speaking(identity(cli, "b"), trusted(cli))) {
            Cli.Result result = cli.run("verify", "a", b.address(), "--authorized-peers", "dns:*.kc.example;dns:a");

            assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.REFUSED);
            assertThat(result.out().lines())
                    .singleElement()
                    .asString()
                    .startsWith("a: peer 'CN=b,O=prod' with dns:b")
                    .contains("fits none of the allowed patterns dns:*.kc.example;dns:a; ");
        }
    }

    @ParameterizedTest
    @CsvSource({"inspect", "verify", "rotate-ca"})
    void aPortThatIsNoNodesIsToldInOneLine(String command) throws Exception {
        cli.run("rotate-ca").ok();
        String closed;
        try (TlsNode gone = TlsNode.silent()) {
            closed = gone.address();
        }
        ask(command, closed).failed(ExitCode.FAILED, closed, "cannot connect", "check the address");
        ask(command, "no-such-host.invalid:7800").failed(ExitCode.FAILED, "no-such-host.invalid:7800", "check");
        ask(command, "127.0.0.1:70000").failed(ExitCode.USAGE, "127.0.0.1:70000", "HOST:PORT");
        try (TlsNode clear = TlsNode.inClear()) {
            ask(command, clear.address())
                    .failed(ExitCode.FAILED, clear.address(), "not TLS", "check that TLS is enabled");
        }
    }

    /** Waits for the tool's own bound of 5 s. */
    @Test
    void aSilentPortIsGivenUpOnInOneLine() throws Exception {
        try (TlsNode silent = TlsNode.silent()) {
            ask("verify", silent.address()).failed(ExitCode.FAILED, silent.address(), "does not speak TLS", "port");
        }
    }

    private Cli.Result ask(String command, String address) {
        return switch (command) {
            case "inspect" -> Cli.inJvm("inspect", address);
            case "verify" -> cli.run("verify", "a", address);
            default -> cli.run("rotate-ca", "--at", "a=" + address);
        };
    }

    @Test
    void theExchangeWaitsForANodeThatDoesNotTrustTheNewAuthorityAndNamesIt() throws Exception {
        cli.run("rotate-ca").ok();
        List<X509Certificate> both = CertificateFile.read(cli.node("b").resolve("ca.crt"));
        assertThat(both).hasSize(2);
        try (TlsNode a = TlsNode.speaking(identity(cli, "a"), both);
                TlsNode late = TlsNode.speaking(identity(cli, "b"), trusted(cli))) {
            cli.run("rotate-ca", "--at", "a=" + a.address(), "--at", "b=" + late.address())
                    .failed(ExitCode.WAITING, "b: " + late.address(), "does not trust the new CA yet", "nodes/b");
            assertThat(cli.run("rotate-ca", "--status").ok().out()).contains("step 1 of 3");
        }
        try (TlsNode a = TlsNode.speaking(identity(cli, "a"), both);
                TlsNode b = TlsNode.speaking(identity(cli, "b"), both)) {
            assertThat(cli.run("rotate-ca", "--at", "a=" + a.address(), "--at", "b=" + b.address())
                            .ok()
                            .out())
                    .contains("Step 2 of 3");
            cli.run("rotate-ca", "--at", "a=" + a.address())
                    .failed(
                            ExitCode.WAITING,
                            "a: " + a.address(),
                            "still shows a certificate that the new CA did not sign");
        }
    }
}
