package io.evenkeel.it.bench.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.RivalsResult;
import io.evenkeel.it.bench.RivalsTable;
import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.Pacing;
import io.evenkeel.it.bench.worker.RoundTrips;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StateRowsTest {
    private static final long NS_PER_MS = 1_000_000;
    private static final Pacing NONE = new Pacing(0, 0, 0, 0);

    /** Ten requests of that time each. */
    private static Grid.Outcome users(double ms) {
        Histogram timesNs = new Histogram(3);
        timesNs.recordValueWithCount((long) (ms * NS_PER_MS), 10);
        return new Grid.Outcome(new RoundTrips(timesNs, 0), 0);
    }

    private static StateSample sample(double joinS, double joinMs) {
        return new StateSample(
                users(1), users(2), 3, new Transfer(joinS, users(joinMs), NONE), new Transfer(8, users(1), NONE), 0);
    }

    private static Map<String, RivalsResult> rows(StateCase stateCase, Map<Rival, List<StateSample>> samples) {
        List<RivalsResult> rows = StateRows.of(stateCase, new EnumMap<>(samples));
        Map<String, RivalsResult> byName = new HashMap<>();
        rows.forEach(row -> byName.put(row.result().benchCase().name().replace(stateCase.label() + ": ", ""), row));
        return byName;
    }

    @Test
    void judgesTheTimeByStockTheTailsByTheQuietTimeAndChunk16() {
        Map<String, RivalsResult> rows = rows(
                StateCase.LAN_200,
                Map.of(
                        Rival.STOCK, List.of(sample(10, 50)),
                        Rival.CHUNK_16, List.of(sample(10, 2.5)),
                        Rival.EVENKEEL, List.of(sample(10.4, 2), sample(10.4, 2.2), sample(10.6, 9))));
        assertThat(rows.get("join").result().met()).contains(true);
        assertThat(rows.get("join with the start of the JVM").samples().get("evenkeel"))
                .containsExactly(13.4, 13.4, 13.6);
        assertThat(rows.get("join p90 by quiet p90").result().met()).contains(false);
        assertThat(rows.get("join p99 by quiet p99").result().met()).contains(true);
        assertThat(rows.get("join p99").result().met()).contains(true);
        assertThat(rows.get("leave p99").result().met()).contains(false);
        assertThat(rows.get("lost entries").result().met()).contains(true);
        assertThat(rows.get("join p99").result().benchCase().goal().text()).isEqualTo("< chunk-16");
    }

    @Test
    void hasNoUsersToJudgeWithoutRequests() {
        Map<String, RivalsResult> rows = rows(
                StateCase.NO_FOREGROUND,
                Map.of(Rival.STOCK, List.of(sample(10, 1)), Rival.EVENKEEL, List.of(sample(10.3, 1))));
        assertThat(rows.keySet())
                .containsExactlyInAnyOrder("join", "join with the start of the JVM", "leave", "lost entries");
        assertThat(rows.get("join").result().met()).contains(false);
    }

    @Test
    void theGigabitJoinHasABoundBesideStock() {
        Map<String, RivalsResult> rows = rows(
                StateCase.GIGABIT, Map.of(Rival.STOCK, List.of(sample(12, 1)), Rival.EVENKEEL, List.of(sample(11, 1))));
        assertThat(rows.get("join").result().benchCase().goal().text()).isEqualTo("<= 1.10 x stock and <= 10.0");
        assertThat(rows.get("join").result().met()).contains(false);
    }

    @Test
    void aRivalAloneIsShownAndNotJudged() {
        List<RivalsResult> rows =
                StateRows.of(StateCase.LAN_200, new EnumMap<>(Map.of(Rival.CHUNK_64, List.of(sample(10, 1)))));
        assertThat(rows).allMatch(row -> row.result().met().isEmpty());
        RivalsTable table = new RivalsTable(List.of("chunk-64"), rows);
        assertThat(table.complete()).isTrue();
        assertThat(table.lines().get(1)).contains("10.0 (10.0-10.0)");
    }

    @Test
    void allCasesHoldAboutAsMuchButTheGigabitAndTheSmallOnes() {
        int base = 300_000;
        assertThat(Arrays.stream(StateCase.values())
                        .filter(c -> c != StateCase.SMALL_ENTRIES && c != StateCase.GIGABIT)
                        .map(StateCase::workload)
                        .mapToDouble(w -> (double) w.entries(base) * w.caches() * w.bytes()))
                .allMatch(bytes -> bytes > 5.9e8 && bytes < 6.2e8);
        assertThat(StateCase.GIGABIT.workload().entries(base)).isEqualTo(1_000_000);
        assertThat(StateCase.SIX_CACHES_200.workload().entries(base)).isEqualTo(100_000);
    }
}
