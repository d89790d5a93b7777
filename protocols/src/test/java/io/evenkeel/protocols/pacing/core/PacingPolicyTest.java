package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingPolicyTest {

    @Test
    void theDefaultsHold() {
        assertThatCode(PacingPolicy::defaults).doesNotThrowAnyException();
    }

    /** The last values that are taken, and the first that are not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            target |    100000 |     99999 | target_delay_us=99 must be from 100 to 100000
            target | 100000000 | 100001000 | target_delay_us=100001 must be from 100 to 100000
            floor  |      8192 |      8191 | floor=8191 must be >= 8192
            cap    |     16384 |     16383 | cap=16383 must be >= floor = 16384
            cap    | 268435456 | 268435457 | cap=268435457 must be <= 268435456
            gain   |       100 |       101 | gain=1.01 must be > 0 and <= 1
            gain   |         1 |         0 | gain=0.0 must be > 0 and <= 1
            decrease |      99 |       100 | decrease=1.0 must be > 0 and < 1
            decrease |       1 |         0 | decrease=0.0 must be > 0 and < 1
            interval | 200     |       201 | probe_timeout=200 must be >= probe_interval = 201
            interval | 2       |         1 | probe_interval=1 must be > target_delay_us = 1500
            timeout  | 100     |        99 | probe_timeout=99 must be >= probe_interval = 100
            timeout  | 5000    |      5001 | slowdown_interval=5000 must be >= probe_timeout = 5001
            slowdown | 200     |       199 | slowdown_interval=199 must be >= probe_timeout = 200
            history  | 10000   |      9999 | base_history=9999 must be >= 2*slowdown_interval = 10000
            wait     | 800     |       799 | max_wait=799 must be >= 4*probe_timeout = 800
            wait     | 60000   |     60001 | max_wait=60001 must be <= 60000
            queue    | 4194304 |   4194303 | max_queue=4194303 must be >= cap = 4194304
            """)
    void takesTheLimitAndRefusesTheNextValue(String field, long taken, long refused, String message) {
        assertThatCode(() -> with(field, taken)).doesNotThrowAnyException();
        assertThatThrownBy(() -> with(field, refused))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static PacingPolicy with(String field, long value) {
        PacingPolicy d = PacingPolicy.defaults();
        boolean wideQueue = field.equals("cap");
        return new PacingPolicy(
                field.equals("target") ? value : d.targetDelayNs(),
                field.equals("floor") ? (int) value : d.floorBytes(),
                field.equals("cap") ? (int) value : d.capBytes(),
                field.equals("gain") ? value / 100.0 : d.gain(),
                field.equals("decrease") ? value / 100.0 : d.decrease(),
                field.equals("history") ? ns(value) : d.baseHistoryNs(),
                field.equals("slowdown") ? ns(value) : d.slowdownIntervalNs(),
                field.equals("interval") ? ns(value) : field.equals("target") ? ns(101) : d.probeIntervalNs(),
                field.equals("timeout") ? ns(value) : ns(200),
                field.equals("wait") ? ns(value) : field.equals("timeout") ? ns(60_000) : d.maxWaitNs(),
                field.equals("queue") ? value : wideQueue ? 1L << 30 : d.maxQueueBytes());
    }

    private static long ns(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
