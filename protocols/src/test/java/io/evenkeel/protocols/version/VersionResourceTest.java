package io.evenkeel.protocols.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VersionResourceTest {

    @Test
    void aJarThatLacksAFileOfItsOwnIsNamedAsDamaged() {
        assertThatThrownBy(() -> VersionResource.required("lost.properties"))
                .hasMessage("EVK0008: lost.properties cannot be read from the Evenkeel jar: the jar is damaged, replace"
                        + " it");
    }

    @Test
    void aComponentThatIsNotInstalledIsNoDefect() {
        assertThat(VersionResource.onClassPath("lost.properties")).isEmpty();
    }
}
