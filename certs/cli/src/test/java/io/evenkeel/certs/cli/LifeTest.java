package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates after the first run: requests, renewals, revocations, and the exchange of the CA. */
class LifeTest {
    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void open() {
        cli = new Cli(directory);
    }

    private X509Certificate certificate(String node) throws Exception {
        return CertificateFile.read(cli.node(node).resolve("tls.crt")).get(0);
    }

    @Test
    void everyCommandIsRunAsAUserRunsIt() throws Exception {
        cli.run("init-ca", "--crl-url", "http://crl.example/ca.crl").ok();
        cli.run("issue", "a").ok();
        cli.jar("csr", "b", "--san", "dns:b.example", "--out", "there").ok();
        cli.jar("sign", "b", "there/tls.csr").ok();
        String serial = certificate("a").getSerialNumber().toString(16);
        cli.jar("renew", "a").ok();
        assertThat(cli.jar("revoke", "--serial", serial).ok().out()).contains(serial, "http://crl.example/ca.crl");
        cli.jar("crl", "--days", "3").ok();
        cli.jar("rotate-ca").ok();
        cli.jar("rotate-ca", "--deployed", "a").failed(ExitCode.WAITING, "waits for b");
    }

    @Test
    void aKeyThatStaysOnItsNodeIsCertifiedAndRenewed() throws Exception {
        Path there = cli.file("there");
        cli.run("init-ca").ok();
        cli.run("issue", "a").ok();
        Cli.inJvm("csr", "b", "--san", "dns:b.example", "--out", there.toString())
                .ok();
        byte[] key = Files.readAllBytes(there.resolve("tls.key"));
        Cli.inJvm("csr", "b", "--out", there.toString()).failed(ExitCode.EXISTS, "tls.key exists already");
        assertThat(there.resolve("tls.key")).hasBinaryContent(key);

        cli.run("sign", "b", there.resolve("tls.csr").toString()).ok();
        takeOver("b", there);
        cli.run("verify", "a", there.toString(), "--authorized-peers", "uri:spiffe://keycloak/node/*")
                .ok();
        assertThat(AlternativeNames.of(certificate("b")).stream().map(AlternativeNames::text))
                .containsExactly("dns:b", "dns:b.example", "uri:spiffe://keycloak/node/b");

        X509Certificate before = certificate("b");
        cli.run("renew").ok();
        assertThat(certificate("b")).isNotEqualTo(before);
        assertThat(certificate("b").getPublicKey()).isEqualTo(before.getPublicKey());
        takeOver("b", there);
        cli.run("verify", "a", there.toString()).ok();
        cli.run("sign", "b", there.resolve("tls.csr").toString()).failed(ExitCode.EXISTS, "renew b");
        cli.run("sign", "a", "--force", there.resolve("tls.csr").toString()).failed(ExitCode.FAILED, "key lies here");
        Path garbage = Files.writeString(cli.file("garbage.csr"), "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n");
        cli.run("sign", "c", garbage.toString()).failed(ExitCode.FAILED, "garbage.csr", "make it anew");
        cli.run("sign", "c", cli.node("a").resolve("tls.crt").toString()).failed(ExitCode.FAILED, "no request");
    }

    private void takeOver(String node, Path there) throws Exception {
        for (String file : List.of("tls.crt", "ca.crt")) {
            Files.copy(cli.node(node).resolve(file), there.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void aRenewalKeepsNamesPasswordsAndOwnersAndChangesTheKey() throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a", "--san", "uri:spiffe://x/y", "--key", "p384").ok();
        X509Certificate before = certificate("a");
        String password = Files.readString(cli.node("a").resolve("keystore.password"));
        Files.setPosixFilePermissions(cli.node("a").resolve("tls.key"), PosixFilePermissions.fromString("rw-r-----"));

        cli.run("renew", "a", "--days", "7").ok();

        X509Certificate after = certificate("a");
        assertThat(after.getSubjectX500Principal()).isEqualTo(before.getSubjectX500Principal());
        assertThat(AlternativeNames.of(after)).isEqualTo(AlternativeNames.of(before));
        assertThat(after.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(after.getPublicKey()).isNotEqualTo(before.getPublicKey());
        assertThat(cli.node("a").resolve("keystore.password")).hasContent(password.strip());
        assertThat(Files.getPosixFilePermissions(cli.node("a").resolve("tls.key")))
                .hasSize(3);
        cli.run("verify").ok();
    }

    @Test
    void whatIsRevokedStandsInTheListAndANumberIsNeverUsedTwice() throws Exception {
        cli.run("init-ca", "--crl-url", "http://crl.example/ca.crl").ok();
        cli.run("issue", "a", "b").ok();
        X509Certificate first = certificate("a");
        cli.run("renew", "a").ok();
        assertThat(first.getExtensionValue("2.5.29.31"))
                .as("where the list lies")
                .isNotNull();

        cli.run("revoke", "a", "--reason", "keyCompromise").ok();

        X509CRL list = list();
        list.verify(
                CertificateFile.read(cli.pki().resolve("ca-1/ca.crt")).get(0).getPublicKey());
        assertThat(list.isRevoked(first)).isTrue();
        assertThat(list.isRevoked(certificate("a"))).isTrue();
        assertThat(list.isRevoked(certificate("b"))).isFalse();
        byte[] number = list.getExtensionValue("2.5.29.20");
        cli.run("crl").ok();
        assertThat(list().getExtensionValue("2.5.29.20")).isNotEqualTo(number);
        assertThat(list().getRevokedCertificates()).hasSize(2);
        cli.run("revoke", "nobody").failed(ExitCode.FAILED, "nobody", "issued.tsv");
    }

    private X509CRL list() throws Exception {
        byte[] content = Files.readAllBytes(cli.pki().resolve("ca-1/ca.crl"));
        return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(content));
    }

    @Test
    void theCaIsExchangedInThreeStepsOfWhichNoneIsTakenBeforeTheLastNodeIsKnown() throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a", "b").ok();
        copy("before");
        assertThat(cli.run("rotate-ca").ok().out()).contains("Step 1 of 3", "--at a=HOST:PORT --at b=HOST:PORT");
        copy("step-1");
        cli.run("verify", "a", copied("before", "b")).ok();
        cli.run("rotate-ca", "--deployed", "a").failed(ExitCode.WAITING, "waits for b", "cut it off");
        cli.run("rotate-ca", "--deployed", "nobody").failed(ExitCode.FAILED, "nobody", "a, b");
        cli.run("issue", "c").ok();

        assertThat(cli.run("rotate-ca", "--deployed", "b").ok().out()).contains("Step 2 of 3");
        copy("step-2");
        for (String node : List.of("a", "b")) {
            cli.run("verify", "c", node, copied("step-1", node)).ok();
            assertThat(cli.run("verify", "c", copied("before", node)).exitCode())
                    .isEqualTo(ExitCode.REFUSED);
        }
        cli.run("rotate-ca", "--abort").failed(ExitCode.FAILED, "go on to the end");
        cli.run("rotate-ca", "--deployed", "a", "--deployed", "b").failed(ExitCode.WAITING, "waits for c");
        assertThat(cli.run("rotate-ca", "--status").ok().out()).contains("2 of 3", "files: c");

        assertThat(cli.run("rotate-ca", "--forget", "c").ok().out()).contains("CA 2 is in use");
        cli.run("verify", "a", "b", copied("step-2", "a")).ok();
        assertThat(cli.run("verify", "a", copied("step-1", "b")).exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(CertificateFile.read(cli.node("a").resolve("ca.crt"))).hasSize(1);
        cli.run("rotate-ca", "--deployed", "a").failed(ExitCode.FAILED, "no exchange");
        cli.run("rotate-ca").ok();
        cli.run("rotate-ca", "--abort").ok();
        cli.run("verify", "a", "b").ok();
    }

    private String copied(String step, String node) {
        return cli.file(step).resolve(node).toString();
    }

    private void copy(String step) throws Exception {
        for (String node : List.of("a", "b")) {
            Path target = Files.createDirectories(cli.file(step).resolve(node));
            for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
                Files.copy(cli.node(node).resolve(file), target.resolve(file));
            }
        }
    }
}
