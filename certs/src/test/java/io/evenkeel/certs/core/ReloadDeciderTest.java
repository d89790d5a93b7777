package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.core.ReloadDecider.Decision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReloadDeciderTest {

    private static final long DEBOUNCE_NS = 1000;
    private static final long RETRY_NS = 5000;

    // The monotonic clock may start anywhere and wrap round.
    @ParameterizedTest
    @ValueSource(longs = {0, -500, Long.MAX_VALUE - 500, Long.MIN_VALUE})
    void aChangeIsLoadedOnceItHasLainStill(long startNs) {
        ReloadDecider decider = new ReloadDecider("a", DEBOUNCE_NS, RETRY_NS);
        assertThat(decider.seen("a", startNs)).isEqualTo(Decision.KEEP);
        assertThat(decider.seen("b", startNs)).isEqualTo(Decision.WAIT);
        assertThat(decider.seen("b", startNs + DEBOUNCE_NS - 1)).isEqualTo(Decision.WAIT);
        assertThat(decider.seen("b", startNs + DEBOUNCE_NS)).isEqualTo(Decision.LOAD);
        assertThat(decider.seen("b", startNs + DEBOUNCE_NS + 1)).isEqualTo(Decision.LOAD);
        decider.installed();
        assertThat(decider.seen("b", startNs + DEBOUNCE_NS + 2)).isEqualTo(Decision.KEEP);
    }

    @Test
    void aFileThatKeepsChangingIsNeverLoaded() {
        ReloadDecider decider = new ReloadDecider("a", DEBOUNCE_NS, RETRY_NS);
        for (int i = 0; i < 100; i++) {
            assertThat(decider.seen("half-" + i, i * (DEBOUNCE_NS - 1))).isEqualTo(Decision.WAIT);
        }
    }

    @Test
    void aBadChangeIsWarnedOfOnceAndTriedAgain() {
        ReloadDecider decider = new ReloadDecider("a", 0, RETRY_NS);
        assertThat(decider.seen("bad", 0)).isEqualTo(Decision.LOAD);
        assertThat(decider.refused(0)).isTrue();
        assertThat(decider.isRefused()).isTrue();
        assertThat(decider.seen("bad", RETRY_NS - 1)).isEqualTo(Decision.KEEP);
        assertThat(decider.seen("bad", RETRY_NS)).isEqualTo(Decision.LOAD);
        assertThat(decider.refused(RETRY_NS)).isFalse();
        assertThat(decider.seen("bad", 2 * RETRY_NS - 1)).isEqualTo(Decision.KEEP);
        assertThat(decider.seen("bad", 2 * RETRY_NS)).isEqualTo(Decision.LOAD);
        decider.installed();
        assertThat(decider.isRefused()).isFalse();
        assertThat(decider.seen("bad", 2 * RETRY_NS + 1)).isEqualTo(Decision.KEEP);
    }

    @Test
    void anotherBadChangeIsNewsAgain() {
        ReloadDecider decider = new ReloadDecider("a", 0, RETRY_NS);
        decider.seen("bad", 0);
        decider.refused(0);
        assertThat(decider.seen("worse", 1)).isEqualTo(Decision.LOAD);
        assertThat(decider.refused(1)).isTrue();
    }

    @Test
    void aReturnToWhatIsInstalledNeedsNoLoad() {
        ReloadDecider decider = new ReloadDecider("a", 0, RETRY_NS);
        decider.seen("bad", 0);
        decider.refused(0);
        assertThat(decider.seen("a", 1)).isEqualTo(Decision.KEEP);
        assertThat(decider.isRefused()).isFalse();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new ReloadDecider("a", -1, 1)).hasMessage("debounceNs=-1 must be >= 0");
        assertThatThrownBy(() -> new ReloadDecider("a", 0, 0)).hasMessage("retryNs=0 must be > 0");
    }
}
