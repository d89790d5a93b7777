package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens THE jar: what users drop into {@code providers/}, where each class in it wins over Keycloak's own. */
class ProductJarTest {

    private static final Path JAR = Path.of(System.getProperty("evenkeel.jar"));

    /** Libraries that Keycloak lacks and the jar brings, by their packages. */
    private static final List<String> BUNDLED = List.of("org/jgroups/protocols/kubernetes/");

    @Test
    void holdsOurClassesAndTheNamedLibrariesOnly() throws IOException {
        assertThat(classes()).isNotEmpty().allMatch(name -> name.startsWith("io/evenkeel/") || isBundled(name));
    }

    @Test
    void holdsNoClassOfTheTestsOrTheLauncher() throws IOException {
        assertThat(classes()).noneMatch(name -> name.startsWith("io/evenkeel/it/"));
    }

    @Test
    void holdsNothingThatMakesCertificates() throws IOException {
        assertThat(classes())
                .noneMatch(name ->
                        name.startsWith("io/evenkeel/certs/authority/") || name.startsWith("io/evenkeel/certs/cli/"));
    }

    @Test
    void holdsNoClassThatTheDistributionOfKeycloakShips() throws IOException, InterruptedException {
        assertThat(KeycloakClasses.all()).hasSizeGreaterThan(10_000).doesNotContainAnyElementsOf(classes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evenkeel/evenkeel-jdbc.xml",
                "evenkeel/evenkeel-dns.xml",
                "evenkeel/evenkeel-kube.xml",
                "evenkeel/evenkeel-static.xml",
                "META-INF/services/org.infinispan.configuration.parsing.ConfigurationParser",
                "META-INF/services/org.infinispan.factories.impl.ModuleMetadataBuilder",
                "META-INF/services/org.keycloak.spi.infinispan.CacheEmbeddedConfigProviderFactory",
                "META-INF/services/org.keycloak.spi.infinispan.JGroupsCertificateProviderFactory",
                "io/evenkeel/certs/TlsMaterial.class",
                "io/evenkeel/protocols/JDBC_PING_LEASE.class",
                "io/evenkeel/protocols/TCP_NETTY.class",
                "io/evenkeel/protocols/STATE_FC.class",
                "io/evenkeel/protocols/VIEW_ORDER_DOWN.class",
                "io/evenkeel/protocols/VIEW_ORDER_UP.class",
                "org/jgroups/protocols/kubernetes/KUBE_PING.class",
                "META-INF/native/libnetty_tcnative_linux_x86_64.so",
                "META-INF/native/libnetty_tcnative_linux_aarch_64.so",
                "META-INF/license/LICENSE.boringssl.txt",
                "META-INF/license/LICENSE.tomcat-native.txt",
                "META-INF/LICENSE",
                "META-INF/NOTICE",
                "META-INF/services/org.keycloak.provider.Spi",
                "META-INF/services/org.keycloak.compatibility.CompatibilityMetadataProvider",
                "io/evenkeel/protocols/version/supported-versions.properties"
            })
    void holds(String entry) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getEntry(entry)).isNotNull();
        }
    }

    @Test
    void saysWhatItIs() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();

            assertThat(manifest.getValue("Implementation-Title")).isEqualTo("Evenkeel");
            assertThat(JAR).hasFileName("evenkeel-" + manifest.getValue("Implementation-Version") + ".jar");
            assertThat(manifest.getValue("Implementation-Vendor")).isNotBlank();
            assertThat(manifest.getValue("Main-Class")).isEqualTo("io.evenkeel.stacks.cli.Main");
            assertThat(manifest.getValue("Automatic-Module-Name")).isEqualTo("io.evenkeel");
            assertThat(manifest.getValue("Build-Jdk-Spec")).isNotBlank();
            assertThat(manifest.getValue("Build-Commit")).matches("[0-9a-f]{12}(-dirty)?|unknown");
        }
    }

    /** The licences ask for it. */
    @Test
    void itsNoticeNamesWhatItBrings() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile());
                InputStream notice = jar.getInputStream(jar.getEntry("META-INF/NOTICE"))) {
            assertThat(new String(notice.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            "jgroups-kubernetes", "netty-tcnative", "The Netty Project", "Tomcat Native", "BoringSSL");
        }
    }

    private static List<String> classes() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile());
                Stream<String> names = jar.stream().map(entry -> entry.getName())) {
            return names.filter(name -> name.endsWith(".class")).toList();
        }
    }

    private static boolean isBundled(String name) {
        return BUNDLED.stream().anyMatch(name::startsWith);
    }
}
