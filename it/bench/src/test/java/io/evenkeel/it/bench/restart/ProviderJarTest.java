package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderJarTest {
    @TempDir
    private Path dir;

    @Test
    void holdsTheProviderAndNothingElse() throws Exception {
        try (JarFile jar = new JarFile(ProviderJar.writeTo(dir).toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .contains(
                            "META-INF/services/org.keycloak.services.resource.RealmResourceProviderFactory",
                            "io/evenkeel/it/bench/restart/provider/SessionsResource.class")
                    .allMatch(name ->
                            name.startsWith("META-INF/") || name.startsWith("io/evenkeel/it/bench/restart/provider/"));
        }
    }

    @Test
    void offersTheChunkSizeToStockOnly() throws Exception {
        String service = "META-INF/services/org.keycloak.spi.infinispan.CacheEmbeddedConfigProviderFactory";
        try (JarFile stock = new JarFile(ProviderJar.writeWithChunkSizeTo(dir).toFile());
                JarFile evenkeel = new JarFile(ProviderJar.writeTo(dir).toFile())) {
            assertThat(stock.getInputStream(stock.getEntry(service)))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(ProviderJar.class.getPackageName() + ".provider.ChunkSizeFactory\n");
            assertThat(evenkeel.getEntry(service)).isNull();
        }
    }

    @Test
    void isTheSameEachTime() throws Exception {
        byte[] first = Files.readAllBytes(ProviderJar.writeTo(dir));

        assertThat(Files.readAllBytes(ProviderJar.writeTo(dir))).isEqualTo(first);
    }
}
