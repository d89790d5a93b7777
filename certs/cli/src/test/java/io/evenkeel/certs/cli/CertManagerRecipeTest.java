package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import io.evenkeel.certs.authority.CertificateSpec.NameType;
import io.evenkeel.certs.authority.MaterialWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipe for cert-manager in docs/operate/certificates.md: certificates with the names of its manifest pass the
 * pattern of its StatefulSet, from a directory whose files are exchanged as a kubelet exchanges those of a secret.
 */
class CertManagerRecipeTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path directory;

    private final Instant now = Instant.now();
    private int states;

    private static String inRecipe(String regex) throws Exception {
        String page =
                Files.readString(Path.of(System.getProperty("evenkeel.root"), "docs", "operate", "certificates.md"));
        Matcher found = Pattern.compile(regex).matcher(page);
        assertThat(found.find()).as(regex).isTrue();
        return found.group(1);
    }

    @Test
    void certificatesOfTheManifestPassThePatternOfTheStatefulSet() throws Exception {
        String name = inRecipe("dnsNames: \\[\"(.*)\"]");
        String pattern = inRecipe("evenkeel-authorized-peers=(\\S+)");
        assertThat(inRecipe("usages: \\[(.*)]")).isEqualTo("digital signature, server auth, client auth");
        Path mount = Files.createDirectory(directory.resolve("tls"));
        CertificateAuthority ca = authority();

        exchange(mount, ca, name);
        verify(mount, pattern).ok();
        Identity before = identity(mount);
        exchange(mount, ca, name);
        assertThat(identity(mount).certificate()).isNotEqualTo(before.certificate());
        verify(mount, pattern).ok();
        exchange(mount, ca, "*.another-service.keycloak.svc");
        assertThat(verify(mount, pattern).exitCode()).isEqualTo(ExitCode.REFUSED);
        exchange(mount, authority(), name);
        verify(mount, pattern).ok();
    }

    private CertificateAuthority authority() {
        return CertificateAuthority.create(
                "CN=keycloak cluster CA", now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(3650)), RANDOM);
    }

    /** A pod's view of its own files: it has to accept its peers, which show the same certificate. */
    private static Cli.Result verify(Path mount, String pattern) {
        return Cli.inJvm("verify", mount.toString(), "--authorized-peers", pattern);
    }

    private static Identity identity(Path mount) throws Exception {
        return Identity.read(StoreFile.pem(mount.resolve("tls.crt"), mount.resolve("tls.key"), null), Instant.now());
    }

    /** Writes a state beside those before and swaps the link {@code ..data}, through which all files are links. */
    private void exchange(Path mount, CertificateAuthority ca, String name) throws Exception {
        Identity identity = ca.issue(
                CertificateSpec.node("CN=pod", now.minus(Duration.ofMinutes(5)), now.plus(Duration.ofDays(90)))
                        .withNames(List.of(new AlternativeName(NameType.DNS, name))),
                RANDOM);
        Path state = Files.createDirectory(mount.resolve("..state-" + states++));
        MaterialWriter.writePem(state.resolve("tls.crt"), identity.chain());
        MaterialWriter.writePem(state.resolve("tls.key"), identity.key());
        MaterialWriter.writePem(state.resolve("ca.crt"), List.of(ca.certificate()));
        Path fresh = Files.createSymbolicLink(mount.resolve("..data_tmp"), state.getFileName());
        Files.move(fresh, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
            if (!Files.exists(mount.resolve(file))) {
                Files.createSymbolicLink(mount.resolve(file), Path.of("..data", file));
            }
        }
    }
}
