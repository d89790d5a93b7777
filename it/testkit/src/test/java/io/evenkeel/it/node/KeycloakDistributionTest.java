package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeycloakDistributionTest {
    @Test
    void acceptsVersions() {
        assertThat(KeycloakDistribution.checkVersion("26.7.3")).isEqualTo("26.7.3");
        assertThat(KeycloakDistribution.checkVersion("27.0.0-SNAPSHOT")).isEqualTo("27.0.0-SNAPSHOT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../etc", "26/7", "latest", "26.7.3:zip", "-1"})
    void refusesWhatIsNoVersion(String version) {
        assertThatThrownBy(() -> KeycloakDistribution.checkVersion(version))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keycloak-version=" + version);
    }

    @Test
    void saysThatThereIsNoSuchVersion() {
        RunException e = KeycloakDistribution.downloadFailed(
                "99.0.0",
                List.of("[ERROR] Failed to execute goal ...: Unable to find/resolve artifact.: Could not find artifact"
                        + " org.keycloak:keycloak-quarkus-dist:zip:99.0.0 in central"));
        assertThat(e).hasMessage("There is no Keycloak 99.0.0 on Maven Central: check --keycloak-version.");
    }

    @Test
    void saysThatThereIsNoNetwork() {
        RunException e = KeycloakDistribution.downloadFailed(
                "26.7.3",
                List.of("[ERROR] Could not transfer artifact ...: repo.maven.apache.org: Name does not resolve"));
        assertThat(e).hasMessageStartingWith("Cannot reach Maven Central for Keycloak 26.7.3");
        assertThat(e.details()).hasSize(1);
    }
}
