package io.evenkeel.protocols.version;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackVersionTest {

    @Test
    void theBuildWroteItDown() {
        assertThat(PackVersion.current().version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(PackVersion.current().commit()).matches("[0-9a-f]{12}(-dirty)?|unknown");
    }
}
