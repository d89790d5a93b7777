package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.MaterialWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A key store type that the JDK lacks and a registered provider has: BCFKS, here of Bouncy Castle's standard edition.
 */
class RegisteredProviderTest {

    @TempDir
    Path directory;

    private final Instant now = Instant.now();
    private final CertificateAuthority authority = Fixture.authority("CA", now);
    private StoreFile keys;
    private StoreFile trust;

    @BeforeEach
    void registerAndWrite() throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        keys = Fixture.store(directory, "keys.bcfks", "BCFKS");
        trust = Fixture.store(directory, "trust.bcfks", "bcfks");
        MaterialWriter.writeKeyStore(keys, authority.issue(Fixture.node("member", now), RANDOM));
        MaterialWriter.writeTrustStore(trust, List.of(authority.certificate()));
    }

    @AfterEach
    void unregister() {
        Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
    }

    @Test
    void storesOfTheProvidersTypeShakeHands() throws Exception {
        TlsMaterial material = TlsMaterial.fromStores(keys, trust);

        assertThat(Handshake.run(material, material).getPeerPrincipal().getName())
                .isEqualTo("CN=member");
    }

    @Test
    void withoutTheProviderTheTypesThatTheJvmHasAreNamed() {
        unregister();

        assertThat(refusal(keys).reason()).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(keys)).hasMessageContaining("'BCFKS'").hasMessageContaining("PKCS12");
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "200"})
    void aHalfWrittenFileIsDamaged(int bytes) throws Exception {
        Files.write(keys.path(), Arrays.copyOf(Files.readAllBytes(keys.path()), bytes));

        assertThat(refusal(keys).reason()).isEqualTo(Reason.DAMAGED);
    }

    @Test
    void aWrongPasswordIsNamedAmongTheCausesThatTheProviderDoesNotTellApart() {
        StoreFile wrong = new StoreFile(keys.path(), "BCFKS", "wrong".toCharArray())
                .configuredBy("--cache-embedded-mtls-key-store-file");

        assertThat(refusal(wrong))
                .hasMessageStartingWith("key store " + keys.path()
                        + " (--cache-embedded-mtls-key-store-file): the file is empty, damaged")
                .hasMessageContaining("its password is wrong");
    }

    @Test
    void aStoreOfAnotherTypeIsRefused() throws Exception {
        StoreFile other = Fixture.store(directory, "keys.jks", "JKS");
        MaterialWriter.writeKeyStore(other, authority.issue(Fixture.node("member", now), RANDOM));

        assertThat(refusal(new StoreFile(other.path(), "BCFKS", other.password())))
                .hasMessageContaining("its type is given as BCFKS, the file is JKS");
        assertThatThrownBy(() -> TlsMaterial.fromStores(new StoreFile(keys.path(), "JKS", keys.password()), trust))
                .hasMessageContaining("its type is given as JKS, the file is PKCS12 or another store of DER");
    }

    private CertificateMaterialException refusal(StoreFile keyStore) {
        return catchThrowableOfType(CertificateMaterialException.class, () -> TlsMaterial.fromStores(keyStore, trust));
    }
}
