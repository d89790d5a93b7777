package io.evenkeel.stacks.cli.facts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.stacks.cli.settings.DatabaseSettings;
import io.evenkeel.stacks.cli.settings.KeycloakSettings;
import io.evenkeel.stacks.cli.settings.TlsSource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Refusals before the first look, which the commands show as wrong options and not with a trace. */
class FactCollectorTest {
    @Test
    void aUrlThatNoDriverTakesIsRefusedWithoutItsSecrets() {
        assertThatThrownBy(() -> collector("jdbc:nobody://h/d?password=geheim", "evenkeel_lease"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--db-url=jdbc:nobody://h/d?(hidden) must be a URL that a JDBC driver in Keycloak's lib or"
                        + " providers takes");
    }

    @Test
    void aTableWithTooManyNamesIsRefused() {
        assertThatThrownBy(() -> collector("jdbc:h2:mem:x", "a.b.c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table_name=a.b.c");
    }

    private static FactCollector collector(String url, String table) throws IOException {
        KeycloakSettings settings = KeycloakSettings.read(List.of("--db-url=" + url), Map.of(), Optional.empty());
        return new FactCollector(
                DatabaseSettings.of(settings),
                TlsSource.of(settings),
                table,
                Optional.empty(),
                1,
                InstantSource.system());
    }
}
