package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.protocols.TCP_NETTY;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;

/** Which of Keycloak's and the pack's options for TLS wins, and which combinations are refused. */
class ClusterTlsTest {
    private static final String OPTION = "--spi-cache-embedded--default--";
    private static final Map<String, String> PEM = Map.of(
            "evenkeelTlsCertificateFile", "/tls/tls.crt",
            "evenkeelTlsKeyFile", "/tls/tls.key",
            "evenkeelTlsTrustFile", "/tls/ca.crt");
    private static final Map<String, String> KEY_STORES = Map.of(
            "keystoreFile", "/conf/keys.p12",
            "keystorePassword", "secret-of-keys",
            "truststoreFile", "/conf/trust.bcfks",
            "truststorePassword", "secret-of-trust");

    private final TCP_NETTY transport = new TCP_NETTY();
    private final TlsMaterial automatic = automatic();

    private static TlsMaterial automatic() {
        Instant now = Instant.now();
        SecureRandom random = new SecureRandom();
        CertificateAuthority authority =
                CertificateAuthority.create("CN=CA", now.minusSeconds(60), now.plusSeconds(600), random);
        return TlsMaterial.of(
                authority.issue(CertificateSpec.node("CN=jgroups", now.minusSeconds(60), now.plusSeconds(600)), random),
                List.of(authority.certificate()));
    }

    private ClusterTls tls(Map<String, String> ours, Map<String, String> keycloaks, boolean enabled) {
        return ClusterTls.of(
                TlsOptions.of(config(ours)), MtlsKeyStores.of(config(keycloaks)), enabled, () -> automatic);
    }

    @Test
    void pemFilesOfThePackAreReadFromTheirOptions() throws Exception {
        ClusterTls tls = tls(PEM, Map.of(), true);

        assertThat(tls.describe())
                .isEqualTo("/tls/tls.crt (" + OPTION + "evenkeel-tls-certificate-file and evenkeel-tls-key-file) and"
                        + " /tls/ca.crt (" + OPTION + "evenkeel-tls-trust-file)");
        assertThatThrownBy(tls::material).hasMessageContaining("/tls/tls.crt").hasMessageContaining("does not exist");
        tls.applyTo(transport, Set.of());
    }

    @Test
    void theKeyMayLieInTheCertificateFile() {
        Map<String, String> oneFile = new HashMap<>(PEM);
        oneFile.remove("evenkeelTlsKeyFile");

        assertThat(TlsOptions.of(config(oneFile)).keyStore().orElseThrow().keyPath())
                .hasToString("/tls/tls.crt");
    }

    @ParameterizedTest
    @CsvSource({
        "tls.keystore_path, true",
        "tls.truststore_password, true",
        "keystore_type, true",
        "tls.protocols, false",
        "tls_provider, false"
    })
    void attributesThatNameStoresAreThoseOfBothNames(String attribute, boolean names) {
        assertThat(TlsOptions.isStoreAttribute(attribute)).isEqualTo(names);
    }

    @Test
    void keycloaksKeyStoresAreReadByTheirEnding() {
        MtlsKeyStores stores = MtlsKeyStores.of(config(KEY_STORES)).orElseThrow();

        assertThat(stores.keyStore().type()).isEqualTo("PKCS12");
        assertThat(stores.trustStore().type()).isEqualTo("BCFKS");
        assertThat(stores.keyStore().password()).containsExactly("secret-of-keys".toCharArray());
        assertThat(tls(Map.of(), KEY_STORES, true).describe())
                .isEqualTo("/conf/keys.p12 (--cache-embedded-mtls-key-store-file and"
                        + " --cache-embedded-mtls-key-store-password) and /conf/trust.bcfks"
                        + " (--cache-embedded-mtls-trust-store-file and --cache-embedded-mtls-trust-store-password)");
    }

    @ParameterizedTest
    @CsvSource({
        "keystoreFile, --cache-embedded-mtls-key-store-file",
        "keystorePassword, --cache-embedded-mtls-key-store-password",
        "truststoreFile, --cache-embedded-mtls-trust-store-file",
        "truststorePassword, --cache-embedded-mtls-trust-store-password"
    })
    void keycloaksKeyStoresBelongTogether(String missing, String option) {
        Map<String, String> some = new HashMap<>(KEY_STORES);
        some.remove(missing);

        assertThatThrownBy(() -> MtlsKeyStores.of(config(some)))
                .hasMessageStartingWith("EVK0501: " + option + " is missing");
    }

    @Test
    void withoutFilesKeycloaksAutomaticCertificatesAreUsed() throws Exception {
        ClusterTls tls = tls(Map.of(), Map.of(), true);

        assertThat(tls.material()).contains(automatic);
        assertThat(tls.describe()).isEqualTo("Keycloak's automatic certificates");
    }

    @Test
    void withMutualTlsOffTheTransportIsInClearUnlessTheStackSaysOtherwise() throws Exception {
        ClusterTls off = tls(Map.of(), Map.of(), false);
        assertThat(off.material()).isEmpty();

        off.applyTo(transport, Set.of());
        assertThat(transport.getValue("encryption")).hasToString("none");

        TCP_NETTY named = new TCP_NETTY();
        off.applyTo(named, Set.of("encryption"));
        assertThat(named.getValue("encryption")).hasToString("tls");

        TCP_NETTY withStores = new TCP_NETTY();
        off.applyTo(withStores, Set.of("tls.keystore_path"));
        assertThat(withStores.getValue("encryption")).hasToString("tls");
    }

    @Test
    void rulesAboutPeersReachTheTransport() throws Exception {
        tls(Map.of("evenkeelAuthorizedPeers", "dn:CN=jgroups", "evenkeelBindIdentityToAddress", "true"), Map.of(), true)
                .applyTo(transport, Set.of());

        assertThat(transport.getAuthorizedPeers()).isEqualTo("dn:CN=jgroups");
        assertThat(transport.bindsIdentityToAddress()).isTrue();
    }

    @Test
    void whatContradictsIsRefusedByTheNamesOfTheOptions() {
        String certificate = OPTION + "evenkeel-tls-certificate-file";
        assertThatThrownBy(() -> tls(PEM, KEY_STORES, true))
                .hasMessageStartingWith(
                        "EVK0501: " + certificate + " is set, and so is a key store of Keycloak's, /conf/keys.p12")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> tls(PEM, Map.of(), false))
                .hasMessageStartingWith(
                        "EVK0501: " + certificate + " is set, but --cache-embedded-mtls-enabled is false");
        assertThatThrownBy(() -> tls(PEM, Map.of(), true).applyTo(new TCP_NETTY(), Set.of("tls.truststore_path")))
                .hasMessageStartingWith(
                        "EVK0501: " + certificate + " is set, and TCP_NETTY in the stack names key or trust stores");
        assertThatThrownBy(() -> tls(Map.of("evenkeelAuthorizedPeers", "dns:*"), Map.of(), false)
                        .applyTo(transport, Set.of()))
                .hasMessageStartingWith(
                        "EVK0501: " + OPTION + "evenkeel-authorized-peers is set, but --cache-embedded-mtls-enabled");
        assertThatThrownBy(() -> tls(Map.of("evenkeelAuthorizedPeers", "dns:*"), Map.of(), true)
                        .applyTo(new TCP_NETTY().setAuthorizedPeers("dns:a"), Set.of()))
                .hasMessageContaining("and so is authorized_peers of TCP_NETTY");
        assertThatThrownBy(() -> tls(Map.of("evenkeelBindIdentityToAddress", "false"), Map.of(), true)
                        .applyTo(new TCP_NETTY().bindIdentityToAddress(true), Set.of()))
                .hasMessageContaining("bind_identity_to_address of TCP_NETTY in the stack is true");
    }

    @Test
    void aStackWithAnotherTransportIsRefusedWithThePacksOptionsOnly() {
        assertThatThrownBy(() -> tls(PEM, Map.of(), true).requireTransport("jdbc-ping", false))
                .hasMessageContaining("needs a stack with TCP_NETTY")
                .hasMessageContaining("'jdbc-ping'");
        assertThatCode(() -> tls(Map.of(), KEY_STORES, true).requireTransport("jdbc-ping", false))
                .doesNotThrowAnyException();
        assertThatCode(() -> tls(PEM, Map.of(), true).requireTransport("evenkeel-jdbc", true))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "evenkeelTlsCertificateFile, evenkeel-tls-certificate-file is set without, evenkeel-tls-trust-file",
        "evenkeelTlsTrustFile, evenkeel-tls-trust-file is set without, evenkeel-tls-certificate-file",
        "evenkeelTlsKeyFile, evenkeel-tls-key-file is set without, evenkeel-tls-certificate-file",
        "evenkeelTlsKeyPassword, evenkeel-tls-key-password is set without, evenkeel-tls-certificate-file"
    })
    void halfAConfigurationIsRefused(String only, String set, String missing) {
        assertThatThrownBy(() -> TlsOptions.of(config(Map.of(only, "value-of-it"))))
                .hasMessageStartingWith("EVK0501: " + OPTION + set)
                .hasMessageContaining(OPTION + missing)
                .hasMessageNotContaining("value-of-it");
    }

    @ParameterizedTest
    @CsvSource({
        "evenkeelAuthorizedPeers, ' ', evenkeel-authorized-peers is empty",
        "evenkeelBindIdentityToAddress, yes, evenkeel-bind-identity-to-address=yes must be true or false"
    })
    void wrongValuesAreRefused(String key, String value, String message) {
        assertThatThrownBy(() -> TlsOptions.of(config(Map.of(key, value))))
                .hasMessageStartingWith("EVK0501: " + OPTION + message);
    }

    @Test
    void keycloakIsToldOfEachAndThatThePasswordIsASecret() {
        assertThat(TlsOptions.metadata())
                .extracting(ProviderConfigProperty::getName)
                .containsExactly(
                        "evenkeelTlsCertificateFile",
                        "evenkeelTlsKeyFile",
                        "evenkeelTlsKeyPassword",
                        "evenkeelTlsTrustFile",
                        "evenkeelAuthorizedPeers",
                        "evenkeelBindIdentityToAddress");
        assertThat(TlsOptions.metadata())
                .filteredOn(ProviderConfigProperty::isSecret)
                .extracting(ProviderConfigProperty::getName)
                .containsExactly("evenkeelTlsKeyPassword");
    }

    @Test
    void noneIsNone() {
        TlsOptions none = TlsOptions.of(config(Map.of()));

        assertThat(none.any()).isFalse();
        assertThat(none.keyStore()).isEqualTo(Optional.empty());
    }

    private static Config.Scope config(Map<String, String> values) {
        return (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> values.get((String) arguments[0]));
    }
}
