package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.ns;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StockObserverTest {
    private static final String OWN = "10.0.0.9:7800";
    private static final long YEARS_MS = 10L * 365 * 24 * 3600 * 1000;
    private final StockObserver observer = new StockObserver(OWN);

    private static StockRow row(String address, long ageMs, String content) {
        return new StockRow(address, "n-" + address, "10.0.0.1:7800", ageMs, content);
    }

    private List<String> observe(long atMs, StockRow... rows) {
        return observer.observe(Arrays.asList(rows), ns(atMs)).stream()
                .map(StockRow::address)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {-60_000, -59_999, 0, 59_999, 60_000})
    void aRecentRowCountsFromTheFirstSight(long ageMs) {
        assertThat(observe(0, row("a", ageMs, "x"))).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(longs = {-YEARS_MS, -60_001, 60_001, YEARS_MS, StockRow.AGE_UNKNOWN})
    void anyOtherRowCountsOnceItIsSeenToChange(long ageMs) {
        assertThat(observe(0, row("a", ageMs, "x"))).isEmpty();
        assertThat(observe(10_000, row("a", ageMs, "x"))).isEmpty();
        assertThat(observe(20_000, row("a", ageMs, "y"))).containsExactly("a");
    }

    @Test
    void aRowThatComesUpLaterCounts() {
        assertThat(observe(0)).isEmpty();
        assertThat(observe(10_000, row("a", YEARS_MS, "x"))).containsExactly("a");
    }

    @Test
    void aRowThatIsNotWrittenAnewStopsToCount() {
        observe(0, row("a", 0, "x"));
        for (long atMs = 10_000; atMs < 70_000; atMs += 10_000) {
            assertThat(observe(atMs, row("a", 0, "x"))).containsExactly("a");
        }
        assertThat(observe(69_999, row("a", 0, "x"))).containsExactly("a");
        assertThat(observe(70_000, row("a", 0, "x"))).containsExactly("a");
        assertThat(observe(70_001, row("a", 0, "x"))).isEmpty();
        assertThat(observe(80_000, row("a", 0, "x"))).isEmpty();
        assertThat(observe(200_000, row("a", 0, "x"))).isEmpty();
        assertThat(observe(210_000, row("a", 0, "y"))).containsExactly("a");
    }

    @Test
    void aStockClusterThatRewritesItsRowsAsLateAsItMayCountsWithoutAGap() {
        for (long atMs = 0; atMs < 600_000; atMs += 10_000) {
            assertThat(observe(atMs, row("a", 0, "written " + atMs / 45_000))).containsExactly("a");
        }
    }

    @Test
    void aDeletedRowCountsNoMore() {
        observe(0, row("a", 0, "x"), row("b", 0, "x"));
        assertThat(observe(10_000, row("b", 0, "x"))).containsExactly("b");
    }

    @Test
    void whatLivedBeforeAnOutageHasTheWholeTimeAgain() {
        observe(0, row("a", 0, "x"), row("old", YEARS_MS, "x"));
        assertThat(observe(30_000, row("a", 0, "x"), row("old", YEARS_MS, "x"))).containsExactly("a");
        assertThat(observe(60_001, row("a", 0, "x"), row("old", YEARS_MS, "x"))).containsExactly("a");
        for (long atMs = 70_001; atMs <= 130_001; atMs += 10_000) {
            assertThat(observe(atMs, row("a", 0, "x"))).containsExactly("a");
        }
        assertThat(observe(130_002, row("a", 0, "x"))).isEmpty();
    }

    @Test
    void whatRanAtOurAddressBeforeCountsOnlyIfItIsWrittenAnew() {
        StockRow former = new StockRow("a", "n", OWN, 1000, "x");
        assertThat(observe(0, former)).isEmpty();
        assertThat(observe(10_000, former)).isEmpty();
        assertThat(observe(20_000, new StockRow("a", "n", OWN, 1000, "y"))).containsExactly("a");
    }
}
