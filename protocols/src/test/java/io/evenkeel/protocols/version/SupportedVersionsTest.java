package io.evenkeel.protocols.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jgroups.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupportedVersionsTest {

    @AfterEach
    void refuseAgain() {
        System.clearProperty(SupportedVersions.ALLOW_PROPERTY);
    }

    @ParameterizedTest
    @CsvSource({
        "26.6.99, false",
        "26.7.0, true",
        "26.7, true",
        "26.7.3, true",
        "26.7.3.redhat-00001, true",
        "26.7.99.SP1, true",
        "26.8, false",
        "26.8.0-SNAPSHOT, false",
        "27.0.0, false",
        "3, false",
        "999.0.0-SNAPSHOT, false",
        "UNKNOWN, false",
        "without a version, false",
        "'', false"
    })
    void aRangeHoldsItsFirstVersionAndNotItsLast(String version, boolean supported) {
        assertThat(new SupportedRange("Keycloak", "26.7.0", "26.8").contains(version))
                .isEqualTo(supported);
    }

    @Test
    void whatTheTestsRunOnIsSupportedAndFoundByItsResource() {
        assertThat(SupportedVersions.ofPack().complaint()).isEmpty();
        assertThat(SupportedVersions.ofPack().installed()).contains("JGroups " + Version.printVersion());
    }

    @Test
    void theDocsNameTheSameRanges() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        String docs = Files.readString(root.resolve("docs/reference/compatibility.md"));

        assertThat(SupportedVersions.ofPack().ranges()).hasSize(3).allSatisfy(range -> assertThat(docs)
                .contains("| " + range.component() + " | " + range.from() + " | " + range.below() + " |"));
    }

    @Test
    void anOldKeycloakIsNamedWithWhatIsSupportedAndWhatToDoInOneLine() {
        SupportedVersions versions = on(Map.of(
                "keycloak-version.properties", "version=26.5.6",
                "META-INF/infinispan-version.properties", "infinispan.version=15.0.19.Final",
                "JGROUPS_VERSION.properties", "jgroups.version=5.3.16.Final"));

        assertThat(versions.complaint()).hasValueSatisfying(line -> assertThat(line)
                .contains("does not support Keycloak 26.5.6, Infinispan 15.0.19.Final, JGroups 5.3.16.Final")
                .contains("Keycloak from 26.7.0 and below 26.8")
                .contains("install one of these")
                .contains(PackVersion.current().version())
                .doesNotContain("\n"));
        assertThatThrownBy(versions::require)
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessage("EVK0002: " + versions.complaint().orElseThrow())
                .hasNoCause()
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void onlyTheForeignOnesAreNamed() {
        SupportedVersions versions = on(Map.of(
                "keycloak-version.properties", "version=26.7.3",
                "META-INF/infinispan-version.properties", "infinispan.version=16.0.14",
                "JGROUPS_VERSION.properties", "jgroups.version=5.6.0.Final"));

        assertThat(versions.complaint()).hasValueSatisfying(line -> assertThat(line)
                .contains("does not support JGroups 5.6.0.Final; it supports Keycloak from"));
    }

    @Test
    void plainJGroupsNeedsNoKeycloakAndNoInfinispan() {
        assertThat(on(Map.of("JGROUPS_VERSION.properties", "jgroups.version=5.5.7.Final"))
                        .complaint())
                .isEmpty();
    }

    @Test
    void aVersionThatCannotBeReadIsNotSupported() {
        assertThat(on(Map.of("JGROUPS_VERSION.properties", "something=else")).complaint())
                .hasValueSatisfying(line -> assertThat(line).contains("JGroups without a version"));
    }

    @Test
    void thePropertyLetsItGoOn() {
        SupportedVersions versions = on(Map.of("JGROUPS_VERSION.properties", "jgroups.version=6.0.0"));
        assertThatThrownBy(versions::require).isInstanceOf(UnsupportedVersionException.class);

        System.setProperty(SupportedVersions.ALLOW_PROPERTY, "true");

        versions.require();
        assertThat(versions.complaint()).isPresent();
    }

    private static SupportedVersions on(Map<String, String> classPath) {
        return new SupportedVersions(
                VersionResource.required("supported-versions.properties"),
                name -> Optional.ofNullable(classPath.get(name)).map(SupportedVersionsTest::property));
    }

    private static Properties property(String line) {
        Properties properties = new Properties();
        String[] parts = line.split("=", 2);
        properties.setProperty(parts[0], parts[1]);
        return properties;
    }
}
