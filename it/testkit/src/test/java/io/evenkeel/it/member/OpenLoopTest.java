package io.evenkeel.it.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    private static final long STALL_MS = 50;

    @Test
    void startsAsManyAsTheRateSays() throws Exception {
        OpenLoop loop = new OpenLoop();
        loop.run(1000, 20, loop::ended);
        RoundTrips trips = loop.finish(0);
        assertThat(trips.timesNs().getTotalCount()).isEqualTo(20);
        assertThat(trips.unanswered()).isZero();
    }

    @Test
    void countsWhatHasNoAnswerAndKeepsItsTime() throws Exception {
        OpenLoop loop = new OpenLoop();
        List<Long> ids = new ArrayList<>();
        loop.run(1000, 10, ids::add);
        ids.stream().skip(1).forEach(loop::ended);
        RoundTrips trips = loop.finish(STALL_MS);
        assertThat(trips.unanswered()).isEqualTo(1);
        assertThat(trips.timesNs().getTotalCount()).isEqualTo(10);
        assertThat(trips.maxMs()).isGreaterThanOrEqualTo(STALL_MS);
    }

    @Test
    void takesTheTimeOfAnOperationOnce() throws Exception {
        OpenLoop loop = new OpenLoop();
        loop.run(1000, 1, id -> {
            loop.ended(id);
            loop.ended(id);
        });
        assertThat(loop.finish(0).timesNs().getTotalCount()).isEqualTo(1);
    }

    @Test
    void anOperationThatIsHeldUpByOneBeforeIsLate() throws Exception {
        OpenLoop loop = new OpenLoop();
        List<Long> ids = new ArrayList<>();
        loop.run(1000, 3, id -> {
            if (ids.isEmpty()) {
                Thread.sleep(STALL_MS);
            }
            ids.add(id);
            loop.ended(id);
        });
        // All three, since the second and the third ought to have started 1 and 2 ms after the first.
        assertThat(loop.finish(0).percentileMs(0)).isGreaterThanOrEqualTo(STALL_MS - 3);
    }
}
