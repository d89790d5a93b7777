package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users' tools: openssl and keytool read ours, and we read theirs. */
class InteropTest {
    private static final String PASSWORD = "s3cret-of-the-test";
    private static final String NAMES = "subjectAltName=DNS:theirs.example,IP:127.0.0.1";

    @TempDir
    Path directory;

    private Cli cli;
    private Path secret;

    @BeforeEach
    void open() throws Exception {
        cli = new Cli(directory);
        secret = Files.writeString(cli.file("secret"), PASSWORD + "\n");
    }

    private void openssl(String... arguments) throws Exception {
        assumeTrue(Cli.isInstalled("openssl", "version"), "openssl is not installed");
        run("openssl", arguments);
    }

    private void keytool(String... arguments) throws Exception {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        assumeTrue(Files.isExecutable(Path.of(program)), "this JDK has no keytool");
        run(program, arguments);
    }

    private void run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        cli.process(command).ok();
    }

    @Test
    void opensslReadsOurs() throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a").ok();
        String node = cli.node("a").toString();
        openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", node + "/ca.crt", node + "/tls.crt");
        openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", node + "/ca.crt", node + "/tls.crt");
        openssl("pkey", "-in", node + "/tls.key", "-noout");
        openssl("pkcs12", "-in", node + "/keystore.p12", "-passin", "file:" + node + "/keystore.password", "-nodes");
        openssl(
                "pkey",
                "-in",
                cli.pki() + "/ca-1/ca.key",
                "-passin",
                "file:" + cli.pki() + "/ca-1/ca.password",
                "-noout");
        cli.run("revoke", "a").ok();
        openssl("crl", "-inform", "DER", "-in", cli.pki() + "/ca-1/ca.crl", "-CAfile", node + "/ca.crt", "-noout");
        Cli.inJvm("csr", "b", "--san", "ip:10.0.0.1", "--out", cli.file("b").toString())
                .ok();
        openssl("req", "-in", cli.file("b") + "/tls.csr", "-verify", "-noout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p12", "jks"})
    void keytoolReadsOurs(String ending) throws Exception {
        cli.run("init-ca").ok();
        cli.run("issue", "a", "--store-type", StoreType.of("x." + ending).name())
                .ok();
        for (String store : List.of("keystore", "truststore")) {
            keytool(
                    "-list",
                    "-keystore",
                    cli.node("a").resolve(store + "." + ending).toString(),
                    "-storepass:file",
                    cli.node("a").resolve(store + ".password").toString());
        }
    }

    /** A root, an intermediate and a leaf made by openssl, with the leaf before, behind, and amid its issuers. */
    @Test
    void whatOpensslMadeIsReadPlainAndEncryptedAndInOrderOnly() throws Exception {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "root.key",
                "-out",
                "root.crt",
                "-days",
                "9",
                "-subj",
                "/CN=Their root");
        Files.writeString(cli.file("ca.ext"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n");
        Files.writeString(
                cli.file("leaf.ext"),
                "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n" + NAMES + "\n");
        signByOpenssl("middle", "root", "ca.ext", "rsa:2048");
        signByOpenssl("leaf", "middle", "leaf.ext", "rsa:3072");
        String leaf = Files.readString(cli.file("leaf.crt"));
        String middle = Files.readString(cli.file("middle.crt"));
        String root = Files.readString(cli.file("root.crt"));
        openssl("rsa", "-in", "leaf.key", "-traditional", "-out", "pkcs1.key");
        openssl("pkey", "-in", "leaf.key", "-aes256", "-passout", "file:secret", "-out", "locked.key");

        for (String key : List.of("leaf.key", "pkcs1.key", "locked.key")) {
            verify(leaf + middle, key).ok();
            verify(leaf + middle + root, key).ok();
        }
        verify(middle + leaf, "leaf.key").failed(ExitCode.FAILED, "chain.pem", "place 2", "own certificate first");
        verify(leaf + root + middle, "leaf.key").failed(ExitCode.FAILED, "chain.pem", "not signed by the next");
        verify(leaf + middle, "root.key").failed(ExitCode.FAILED, "chain.pem", "made together");
        assertThat(verify(leaf, "leaf.key").exitCode()).isEqualTo(ExitCode.REFUSED);
        pkcs12OfOpenssl(leaf, middle);
        cli.run("init-ca").ok();
        openssl("req", "-new", "-key", "leaf.key", "-subj", "/CN=x", "-addext", NAMES, "-out", "leaf.csr");
        cli.run("sign", "theirs", cli.file("leaf.csr").toString()).ok();
        assertThat(AlternativeNames.of(CertificateFile.read(cli.node("theirs").resolve("tls.crt"))
                                .get(0))
                        .stream()
                        .map(AlternativeNames::text))
                .containsExactly("dns:theirs.example", "ip:127.0.0.1", "uri:spiffe://keycloak/node/theirs");
    }

    /** The intermediate is in it twice and under one alias, as after an import that was repeated. */
    private void pkcs12OfOpenssl(String leaf, String middle) throws Exception {
        Files.writeString(cli.file("chain.pem"), leaf + middle + middle);
        for (String algorithm : List.of("aes-256-cbc", "PBE-SHA1-3DES")) {
            openssl(
                    "pkcs12",
                    "-export",
                    "-in",
                    "chain.pem",
                    "-inkey",
                    "leaf.key",
                    "-name",
                    "same",
                    "-caname",
                    "same",
                    "-caname",
                    "same",
                    "-keypbe",
                    algorithm,
                    "-certpbe",
                    algorithm,
                    "-passout",
                    "file:secret",
                    "-out",
                    "theirs.p12");
            Cli.inJvm("inspect", cli.file("theirs.p12").toString(), "--password-file", secret.toString())
                    .ok();
            Cli.inJvm(
                            "verify",
                            "--key-store",
                            cli.file("theirs.p12").toString(),
                            "--trust-store",
                            cli.file("root.crt").toString(),
                            "--password-file",
                            secret.toString())
                    .ok();
        }
    }

    private void signByOpenssl(String name, String issuer, String extensions, String key) throws Exception {
        openssl(
                "req",
                "-new",
                "-newkey",
                key,
                "-nodes",
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr",
                "-subj",
                "/CN=" + name);
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                issuer + ".crt",
                "-CAkey",
                issuer + ".key",
                "-set_serial",
                String.valueOf(name.length()),
                "-days",
                "8",
                "-extfile",
                extensions,
                "-out",
                name + ".crt");
    }

    private Cli.Result verify(String chain, String key) throws Exception {
        Path file = Files.writeString(cli.file("chain.pem"), chain);
        return Cli.inJvm(
                "verify",
                "--key-store",
                file.toString(),
                "--key-file",
                cli.file(key).toString(),
                "--trust-store",
                cli.file("root.crt").toString(),
                "--password-file",
                secret.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void whatKeytoolMadeIsReadAndSeveralKeysAreRefused(String type) throws Exception {
        Path store = cli.file("theirs." + StoreType.valueOf(type).ending());
        genkey(store, type, "one");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "one",
                "-keystore",
                store.toString(),
                "-storepass:file",
                "secret",
                "-file",
                "one.crt");
        Cli.inJvm("inspect", store.toString(), "--password-file", secret.toString())
                .ok();
        verifyStore(store, secret).ok();
        verifyStore(store, Files.writeString(cli.file("wrong"), "wrong-password"))
                .failed(ExitCode.FAILED, store.toString(), "password");

        genkey(store, type, "two");
        verifyStore(store, secret).failed(ExitCode.FAILED, store.toString(), "2 private keys [one, two]", "keep only");
        Cli.Result shown = Cli.inJvm("inspect", store.toString(), "--password-file", secret.toString());
        assertThat(shown.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(shown.out()).contains("PROBLEM: holds 2 private keys [one, two]");
    }

    private void genkey(Path store, String type, String alias) throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias,
                "-ext",
                "san=dns:theirs.example",
                "-validity",
                "9",
                "-storetype",
                type,
                "-keystore",
                store.toString(),
                "-storepass:file",
                "secret");
    }

    private Cli.Result verifyStore(Path store, Path password) {
        return Cli.inJvm(
                "verify",
                "--key-store",
                store.toString(),
                "--trust-store",
                cli.file("one.crt").toString(),
                "--password-file",
                password.toString());
    }
}
