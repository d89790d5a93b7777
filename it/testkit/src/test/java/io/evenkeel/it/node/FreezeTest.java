package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreezeTest {
    @Test
    void aFrozenServerAnswersNothingUntilItIsLetGo(@TempDir Path dir) throws Exception {
        int port = new Ports(new SecureRandom()).free();
        try (Postgres postgres = Postgres.start(dir.resolve("postgres"), port, Caches.ofUser())) {
            Connection waiting = postgres.connect("postgres");
            Connection healed = postgres.connect("postgres");
            double usedS = ProcessCpu.secondsOf(postgres.pid());
            Freeze freeze = Freeze.of(postgres);
            try {
                waiting.setNetworkTimeout(Executors.newSingleThreadExecutor(), 500);
                assertThatThrownBy(() -> waiting.createStatement().execute("SELECT 1"))
                        .isInstanceOf(SQLException.class);
            } finally {
                freeze.close();
            }
            assertThat(healed.createStatement().execute("SELECT 1")).isTrue();
            healed.createStatement().execute("SELECT count(*) FROM generate_series(1, 3000000)");
            assertThat(ProcessCpu.secondsOf(postgres.pid())).isGreaterThan(usedS);
            healed.close();
            freeze.close();
        }
    }
}
