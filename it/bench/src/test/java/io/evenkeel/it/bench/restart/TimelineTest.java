package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long BEGIN_NS = 1_000;
    private static final long BUCKET_NS = 500_000_000;

    @Test
    void aRequestIsInTheBucketOfItsIntendedStart() {
        Timeline timeline = Timeline.of(
                List.of(
                        sample(BEGIN_NS - 1, 900),
                        sample(BEGIN_NS, 1),
                        sample(BEGIN_NS + BUCKET_NS - 1, 3),
                        sample(BEGIN_NS + BUCKET_NS, 7)),
                BEGIN_NS,
                BUCKET_NS);

        assertThat(timeline.points()).hasSize(2);
        assertThat(timeline.points().get(0).seconds()).isEqualTo(0.25);
        assertThat(timeline.points().get(0).p50Ms()).isCloseTo(1, within(0.01));
        assertThat(timeline.points().get(0).maxMs()).isCloseTo(3, within(0.01));
        assertThat(timeline.points().get(1).seconds()).isEqualTo(0.75);
        assertThat(timeline.points().get(1).p50Ms()).isCloseTo(7, within(0.02));
    }

    @Test
    void aBucketWithoutRequestsHasNoPoint() {
        Timeline timeline =
                Timeline.of(List.of(sample(BEGIN_NS, 1), sample(BEGIN_NS + 2 * BUCKET_NS, 1)), BEGIN_NS, BUCKET_NS);

        assertThat(timeline.points()).extracting(Timeline.Point::seconds).containsExactly(0.25, 1.25);
    }

    private static Sample sample(long intendedNs, long latencyMs) {
        return new Sample(intendedNs, latencyMs * 1_000_000, "node-1", null);
    }
}
