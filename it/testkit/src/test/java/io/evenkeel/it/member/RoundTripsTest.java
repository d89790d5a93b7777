package io.evenkeel.it.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    private static RoundTrips of(long unanswered, long... timesNs) {
        Histogram histogram = RoundTrips.histogram();
        for (long timeNs : timesNs) {
            histogram.recordValue(timeNs);
        }
        return new RoundTrips(histogram, unanswered);
    }

    @Test
    void survivesTheWayThroughALine() {
        RoundTrips trips = of(3, 1_000_000, 2_000_000, 5_000_000_000L);
        assertThat(RoundTrips.decode(List.of(trips.encode().split(" ", -1)))).isEqualTo(trips);
    }

    @Test
    void addsUp() {
        RoundTrips both = of(1, 1_000_000).plus(of(2, 9_000_000)).plus(RoundTrips.none());
        assertThat(both.unanswered()).isEqualTo(3);
        assertThat(both.timesNs().getTotalCount()).isEqualTo(2);
        assertThat(both.maxMs()).isBetween(9.0, 9.1);
    }
}
