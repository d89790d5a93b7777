package io.evenkeel.protocols.lease.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jgroups.util.DefaultThreadFactory;
import org.jgroups.util.TimeScheduler;
import org.jgroups.util.TimeScheduler3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guard by a clock that the test holds. */
class JoinGuardTest {
    private final TimeScheduler timer =
            new TimeScheduler3(new DefaultThreadFactory("timer", true), 1, 2, 1000, 100, "run");
    private final List<String> stops = new ArrayList<>();
    private volatile boolean closing;

    @AfterEach
    void stopTimer() {
        timer.stop();
    }

    private JoinGuard guard(long maxJoinTimeMs) {
        JoinGuard guard = new JoinGuard(() -> closing, maxJoinTimeMs, stops::add);
        // Far in the future, so that the timer's own look around ends nothing.
        guard.begin(timer, now(0));
        guard.end();
        return guard;
    }

    private static long now(long ms) {
        return Long.MAX_VALUE / 2 + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void theTimeIsOverAtItsEnd() {
        JoinGuard guard = guard(20_000);
        guard.poll(now(19_999));
        assertThat(guard.stopped()).isNotDone();
        guard.poll(now(20_000));
        guard.poll(now(20_001));
        assertThat(stops).containsExactly("max_join_time=20000 ms is over");
        assertThat(guard.stopped())
                .failsWithin(0, SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(JoinStoppedException.class);
    }

    @Test
    void withoutALimitNoTimeIsTooLong() {
        JoinGuard guard = guard(0);
        guard.poll(now(TimeUnit.DAYS.toMillis(1000)));
        assertThat(guard.stopped()).isNotDone();
    }

    @Test
    void aCloseEndsTheJoin() {
        JoinGuard guard = guard(0);
        closing = true;
        guard.poll(now(1));
        assertThat(stops).containsExactly("the channel is being closed");
    }

    @Test
    void aShutdownOfTheJvmEndsTheJoin() {
        JoinGuard guard = guard(0);
        guard.shutDown();
        assertThat(stops).containsExactly("the JVM is shutting down");
    }
}
