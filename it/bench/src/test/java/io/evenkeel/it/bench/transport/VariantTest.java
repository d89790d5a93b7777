package io.evenkeel.it.bench.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.member.KeyFiles;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantTest {
    @TempDir
    private Path dir;

    private List<ProtocolConfiguration> stack(Variant variant, KeyFiles keys) throws Exception {
        Path file = dir.resolve(variant + ".xml");
        variant.stack(keys).write(file, 1001, List.of(1001, 1002));
        try (InputStream xml = Files.newInputStream(file)) {
            return ConfiguratorFactory.getStackConfigurator(xml).getProtocolStack();
        }
    }

    @Test
    void onlyTheTransportChanges() throws Exception {
        KeyFiles keys = KeyFiles.create(dir, new SecureRandom());
        List<ProtocolConfiguration> stock = stack(Variant.STOCK_CLEAR, keys);
        for (Variant variant : Variant.values()) {
            List<ProtocolConfiguration> other = stack(variant, keys);
            assertThat(other.subList(1, other.size()).toString())
                    .isEqualTo(stock.subList(1, stock.size()).toString());
            assertThat(other.get(0).getProperties()).containsEntry("bundler.max_size", "64k");
        }
    }

    @Test
    void tlsAsksForCertificatesOfBothSides() throws Exception {
        KeyFiles keys = KeyFiles.create(dir, new SecureRandom());
        assertThat(stack(Variant.STOCK_TLS, keys).get(0).getProperties())
                .containsEntry("tls.enabled", "true")
                .containsEntry("tls.client_auth", "NEED")
                .containsEntry("tls.protocols", "TLSv1.3")
                .containsKey("tls.truststore_path");
        assertThat(stack(Variant.NETTY_TLS, keys).get(0).getProperties())
                .containsEntry("tls_provider", "openssl")
                .containsKey("tls.truststore_path")
                .doesNotContainKey("encryption");
    }
}
