package io.evenkeel.it.bench.restart;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * Brings the times of logs and those of {@link System#nanoTime} together.
 *
 * @param wall the time in the time zone of the logs at {@code ns}
 */
record WallClock(LocalDateTime wall, long ns) {
    static WallClock now() {
        return new WallClock(LocalDateTime.now(ZoneId.systemDefault()), System.nanoTime());
    }

    long nsOf(LocalDateTime time) {
        return ns + Duration.between(wall, time).toNanos();
    }
}
