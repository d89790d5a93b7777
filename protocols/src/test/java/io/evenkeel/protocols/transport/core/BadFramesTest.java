package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BadFramesTest {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    @Test
    void theTenthInAMinuteIsTooMany() {
        BadFrames frames = new BadFrames();
        for (int i = 1; i < BadFrames.LIMIT; i++) {
            assertThat(frames.add(i)).isFalse();
        }
        assertThat(frames.add(MINUTE_NS)).isTrue();
        assertThat(frames.add(MINUTE_NS)).isTrue();
    }

    @Test
    void aMinuteLaterTheyAreCountedAnew() {
        BadFrames frames = new BadFrames();
        for (int i = 1; i < BadFrames.LIMIT; i++) {
            assertThat(frames.add(0)).isFalse();
        }
        assertThat(frames.add(MINUTE_NS)).isFalse();
        assertThat(frames.add(MINUTE_NS)).isFalse();
    }
}
