package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeSpecTest {
    @TempDir
    private Path dir;

    @Test
    void theBuildKeyFollowsWhatGoesIntoTheBuild() throws Exception {
        Path jar = Files.writeString(dir.resolve("a.jar"), "1");
        Path conf = Files.writeString(dir.resolve("cache-ispn.xml"), "<x/>");
        HomeSpec spec = HomeSpec.STOCK.withProvider(jar);
        String key = spec.buildKey("26.7.3", "17");

        assertThat(spec.buildKey("26.7.3", "17")).isEqualTo(key);
        assertThat(spec.withConf("cache-ispn.xml", conf).buildKey("26.7.3", "17"))
                .isEqualTo(key);
        assertThat(spec.buildKey("26.7.4", "17")).isNotEqualTo(key);
        assertThat(spec.buildKey("26.7.3", "21")).isNotEqualTo(key);
        assertThat(HomeSpec.STOCK.buildKey("26.7.3", "17")).isNotEqualTo(key);
        assertThat(spec.withBuildOption("--features=x").buildKey("26.7.3", "17"))
                .isNotEqualTo(key);
        Files.writeString(jar, "2");
        assertThat(spec.buildKey("26.7.3", "17")).isNotEqualTo(key);
    }
}
