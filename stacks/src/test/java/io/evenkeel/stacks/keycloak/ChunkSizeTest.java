package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    private static final String XML =
            """
            <infinispan>
              <cache-container name="keycloak">
                <transport/>
                <distributed-cache name="untouched" owners="2"/>
                <distributed-cache name="timeout" owners="2"><state-transfer timeout="300000"/></distributed-cache>
                <distributed-cache name="users" owners="2"><state-transfer chunk-size="300"/></distributed-cache>
                <distributed-cache name="default" owners="2"><state-transfer chunk-size="512"/></distributed-cache>
                <replicated-cache name="work"/>
                <local-cache name="local"/>
              </cache-container>
            </infinispan>
            """;

    private final ConfigurationBuilderHolder holder = new ParserRegistry().parse(XML, MediaType.APPLICATION_XML);

    @Test
    void clusteredCachesGetItWhereTheUserSetNone() {
        ChunkSize.applyTo(holder, 64);

        assertThat(chunkSize("untouched")).isEqualTo(64);
        assertThat(chunkSize("timeout")).isEqualTo(64);
        assertThat(chunkSize("work")).isEqualTo(64);
    }

    @Test
    void theUsersWordCountsEvenIfItIsInfinispansDefault() {
        ChunkSize.applyTo(holder, 64);

        assertThat(chunkSize("users")).isEqualTo(300);
        assertThat(chunkSize("default")).isEqualTo(512);
    }

    @Test
    void aLocalCacheIsLeftAsItIs() {
        ChunkSize.applyTo(holder, 64);

        assertThat(chunkSize("local")).isEqualTo(512);
    }

    private int chunkSize(String cache) {
        return holder.getNamedConfigurationBuilders()
                .get(cache)
                .build()
                .clustering()
                .stateTransfer()
                .chunkSize();
    }
}
