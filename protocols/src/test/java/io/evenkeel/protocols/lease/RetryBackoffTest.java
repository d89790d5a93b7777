package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.LeaseTableException.Kind.MISCONFIGURED;
import static io.evenkeel.protocols.lease.LeaseTableException.Kind.OUTAGE;
import static io.evenkeel.protocols.lease.LeaseTableException.Kind.REFUSED_LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.lease.LeaseTableException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryBackoffTest {
    private static final double LONGEST = Math.nextDown(1.0);
    private final RetryBackoff backoff = new RetryBackoff(3000);

    private List<Long> delaysMs(Kind kind, double random, int count) {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            delays.add(Math.round(backoff.nextNs(kind, random) / 1e6));
        }
        return delays;
    }

    @Test
    void anOutageIsTriedAgainSoon() {
        assertThat(delaysMs(OUTAGE, 0, 7)).containsExactly(200L, 400L, 800L, 1600L, 3000L, 3000L, 3000L);
        backoff.reset();
        assertThat(delaysMs(OUTAGE, 0, 1)).containsExactly(200L);
    }

    @Test
    void whatSomebodyHasToMendIsTriedEveryHalfMinute() {
        assertThat(delaysMs(MISCONFIGURED, 0, 10)).startsWith(200L, 400L).endsWith(25_600L, 30_000L, 30_000L);
    }

    @Test
    void aRefusedLoginIsTriedEverMoreSeldomAndNotByAllAtOnce() {
        assertThat(delaysMs(REFUSED_LOGIN, LONGEST, 8))
                .containsExactly(5000L, 10_000L, 20_000L, 40_000L, 80_000L, 160_000L, 300_000L, 300_000L);
        backoff.reset();
        assertThat(delaysMs(REFUSED_LOGIN, 0, 8))
                .containsExactly(2500L, 5000L, 10_000L, 20_000L, 40_000L, 80_000L, 150_000L, 150_000L);
    }

    @Test
    void anHourOfRefusedLoginsIsAFewAttempts() {
        long sumNs = 0;
        int attempts = 0;
        while (sumNs < TimeUnit.HOURS.toNanos(1)) {
            sumNs += backoff.nextNs(REFUSED_LOGIN, 0);
            attempts++;
        }
        assertThat(attempts).isEqualTo(29);
    }

    @Test
    void anotherKindOfFailureStartsAnew() {
        delaysMs(REFUSED_LOGIN, LONGEST, 8);
        assertThat(delaysMs(OUTAGE, 0, 2)).containsExactly(200L, 400L);
        assertThat(delaysMs(REFUSED_LOGIN, LONGEST, 1)).containsExactly(5000L);
    }
}
