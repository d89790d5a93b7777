package io.evenkeel.stacks.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.property.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeycloakSettingsTest {
    @TempDir
    private Path home;

    @Test
    void argumentsWinOverTheEnvironmentThatOverTheFileAndThatOverTheBuild() throws IOException {
        conf(
                """
                db-url-host=file
                db-username=file
                # no
                db-schema = file
                cache-stack=${STACK:evenkeel-jdbc}
                db-password=${SECRET}
                """);
        kept(
                """
                kc.db=postgres
                kc.db-schema=kept
                quarkus.profile=prod
                """);
        KeycloakSettings settings = KeycloakSettings.read(
                List.of("--optimized", "--db-url-host=argument"),
                Map.of("KC_DB_URL_HOST", "environment", "KC_DB_USERNAME", "environment", "SECRET", "s$1"),
                Optional.of(home));

        assertThat(settings.get("db-url-host")).contains("argument");
        assertThat(settings.get("db-username")).contains("environment");
        assertThat(settings.get("db-schema")).contains("file");
        assertThat(settings.get("db")).contains("postgres");
        assertThat(settings.get("cache-stack")).contains("evenkeel-jdbc");
        assertThat(settings.get("db-password")).contains("s$1");
        assertThat(settings.get("nope")).isEmpty();
    }

    @Test
    void anotherFileStandsForKeycloaksOwn() throws IOException {
        conf("db-url-host=own\n");
        Path other = Files.writeString(home.resolve("other.conf"), "db-url-host=other\ndb-password=${SECRET}\n");
        Map<String, String> environment = Map.of("KC_CONFIG_FILE", other.toString(), "SECRET", "s");

        assertThat(KeycloakSettings.read(List.of(), environment, Optional.of(home))
                        .get("db-url-host"))
                .contains("other");
        assertThat(KeycloakSettings.read(List.of("--config-file=" + other), Map.of("SECRET", "s"), Optional.empty())
                        .get("db-password"))
                .contains("s");
        assertThat(KeycloakSettings.read(
                                List.of(
                                        "--config-file",
                                        home.resolve("conf/keycloak.conf").toString()),
                                environment,
                                Optional.of(home))
                        .get("db-url-host"))
                .contains("own");
        Path none = home.resolve("none.conf");
        assertThatThrownBy(() -> read("--config-file=" + none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--config-file=" + none + " (or KC_CONFIG_FILE) must be a file that can be read");
    }

    @Test
    void variablesHaveKeycloaksNames() {
        assertThat(KeycloakSettings.variable("spi-cache-embedded--default--evenkeel-tls-key-file"))
                .isEqualTo("KC_SPI_CACHE_EMBEDDED__DEFAULT__EVENKEEL_TLS_KEY_FILE");
    }

    @Test
    void valuesMayStandBehindABlank() throws IOException {
        KeycloakSettings settings = read("--db-url", "jdbc:x", "--optimized", "--db-username", "u");

        assertThat(settings.get("db-url")).contains("jdbc:x");
        assertThat(settings.get("db-username")).contains("u");
    }

    @Test
    void whatIsNoOptionIsRefusedWithoutItsText() {
        assertThatThrownBy(() -> read("--db-url=x", "geheim"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("argument 2 of Keycloak's is not an option");
        assertThatThrownBy(() -> read("--jsno")).hasMessageContaining("--jsno is neither");
    }

    @ParameterizedTest
    @CsvSource({
        "--db=postgres, jdbc:postgresql://localhost/keycloak",
        "--db=postgres --db-url-host=h --db-url-port=1 --db-url-database=d --db-url-properties=?a=b,"
                + " jdbc:postgresql://h:1/d?a=b",
        "--db=mariadb --db-url-host=h, jdbc:mariadb://h/keycloak",
        "--db=mssql --db-url-host=h, jdbc:sqlserver://h;databaseName=keycloak",
        "--db=oracle --db-url-host=h, jdbc:oracle:thin:@//h:1521/keycloak",
        "--db=postgres --db-url=jdbc:other://x, jdbc:other://x"
    })
    void urlsAreComposedAsKeycloakDoes(String options, String url) throws IOException {
        assertThat(DatabaseSettings.of(read(options.split(" "))).url().reveal()).isEqualTo(url);
    }

    @Test
    void aDatabaseThatNobodySharesIsRefused() {
        assertThatThrownBy(() -> DatabaseSettings.of(read("--db=dev-file")))
                .hasMessageContaining("--db=dev-file is no");
        assertThatThrownBy(() -> DatabaseSettings.of(read())).hasMessageContaining("give --db-url");
    }

    @Test
    void nothingShowsTheSecrets() throws IOException {
        DatabaseSettings database =
                DatabaseSettings.of(read("--db-url=jdbc:postgresql://h/d?password=geheim", "--db-password=geheim"));

        assertThat(database.toString()).doesNotContain("geheim");
        assertThat(database.password().map(Secret::reveal))
                .hasValueSatisfying(chars -> assertThat(new String(chars)).isEqualTo("geheim"));
    }

    @Test
    void keysComeFromTheSourceThatWins() throws IOException {
        String option = "--spi-cache-embedded--default--evenkeel-tls-";
        assertThat(TlsSource.of(read()).kind()).isEqualTo(TlsSource.Kind.AUTOMATIC);
        assertThat(TlsSource.of(read("--cache-embedded-mtls-enabled=false")).kind())
                .isEqualTo(TlsSource.Kind.OFF);
        TlsSource pem = TlsSource.of(read(
                option + "certificate-file=c.pem",
                option + "key-file=k.pem",
                option + "trust-file=t.pem",
                "--cache-embedded-mtls-key-store-file=k.p12"));
        assertThat(pem.keyStore())
                .hasValueSatisfying(store -> assertThat(store.keyPath()).hasToString("k.pem"));
        TlsSource stores = TlsSource.of(read(
                "--cache-embedded-mtls-key-store-file=k.p12",
                "--cache-embedded-mtls-key-store-password=geheim",
                "--cache-embedded-mtls-trust-store-file=t.jks",
                "--cache-embedded-mtls-trust-store-password=geheim"));
        assertThat(stores.keyStore())
                .hasValueSatisfying(store -> assertThat(store.type()).isEqualTo("PKCS12"));
        assertThat(stores.trustStore())
                .hasValueSatisfying(store -> assertThat(store.type()).isEqualTo("JKS"));
        assertThat(stores.toString()).doesNotContain("geheim");
    }

    @Test
    void incompleteAndWrongOptionsAreNamed() {
        assertThatThrownBy(() -> TlsSource.of(read("--cache-embedded-mtls-key-store-file=k.p12")))
                .hasMessageContaining("--cache-embedded-mtls-key-store-password is missing");
        assertThatThrownBy(() -> TlsSource.of(read("--cache-embedded-mtls-enabled=yes")))
                .hasMessage("--cache-embedded-mtls-enabled=yes must be true or false");
    }

    private static KeycloakSettings read(String... arguments) throws IOException {
        return KeycloakSettings.read(List.of(arguments), Map.of(), Optional.empty());
    }

    private void conf(String text) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("keycloak.conf"), text);
    }

    private void kept(String text) throws IOException {
        Path jar = Files.createDirectories(home.resolve("lib/quarkus")).resolve("generated-bytecode.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("META-INF/keycloak-persisted.properties"));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
