package io.evenkeel.it.bench.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Ports;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridTest {
    private static final int ENTRIES = 500;
    private static final int ENTRY_BYTES = 100;
    private static final Duration LOAD_TIME = Duration.ofSeconds(1);

    @TempDir
    private Path dir;

    @Test
    void keepsItsEntriesThroughAJoinAndAKill() throws Exception {
        StackXml stack = StackXml.evenkeelInClear();
        List<String> options = List.of("-Xmx256m", "-Djava.net.preferIPv4Stack=true");
        try (Grid grid = new Grid(
                dir,
                GridPlace.onLoopback(new Ports(new SecureRandom()), 3),
                stack,
                new GridSpec(2, 2, 512, CacheStart.IN_TURN, true),
                options)) {
            ChildJvm a = grid.join();
            ChildJvm b = grid.join();
            grid.fill(ENTRIES, ENTRY_BYTES);
            assertThat(Grid.entries(a)).isEqualTo(2 * ENTRIES);
            ChildJvm c = grid.join();
            Grid.viewNs(a, 3);
            Grid.settledNs(a, 3);
            // It owns two thirds of the entries of both caches.
            assertThat(Grid.receivedBytes(List.of(c)))
                    .as("bytes received by the joiner")
                    .isGreaterThan(2L * ENTRIES * ENTRY_BYTES / 2);
            GridLoad load = new GridLoad(50, 20, ENTRIES, ENTRY_BYTES);
            Grid.begin(List.of(a, c), load, LOAD_TIME);
            Grid.Outcome outcome = Grid.end(List.of(a, c), LOAD_TIME);
            assertThat(outcome.trips().timesNs().getTotalCount()).isEqualTo(100);
            assertThat(outcome.failed()).isZero();
            b.kill();
            Grid.viewNs(a, 2);
            Grid.settledNs(a, 2);
            assertThat(Grid.entries(c)).isEqualTo(2 * ENTRIES);
        }
    }
}
