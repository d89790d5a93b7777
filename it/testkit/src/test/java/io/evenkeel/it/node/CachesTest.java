package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachesTest {
    private static final Path HOME = Path.of("/home/u");

    @Test
    void followsXdg() {
        assertThat(Caches.rootFrom(Map.of(), HOME)).isEqualTo(Path.of("/home/u/.cache/evenkeel"));
        assertThat(Caches.rootFrom(Map.of("XDG_CACHE_HOME", "/c"), HOME)).isEqualTo(Path.of("/c/evenkeel"));
        assertThat(Caches.rootFrom(Map.of("XDG_CACHE_HOME", "relative"), HOME))
                .isEqualTo(Path.of("/home/u/.cache/evenkeel"));
    }

    @Test
    void refusesWhenThereIsNoRoom(@TempDir Path dir) {
        Caches.requireSpace(dir.resolve("not/yet/there"), 0);
        assertThatThrownBy(() -> Caches.requireSpace(dir.resolve("not/yet/there"), Long.MAX_VALUE))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("Not enough disk space for " + dir)
                .hasMessageContaining("MiB free");
    }
}
