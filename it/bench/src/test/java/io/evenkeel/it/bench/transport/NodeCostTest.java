package io.evenkeel.it.bench.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.transport.NodeCost.Figures;
import org.junit.jupiter.api.Test;

class NodeCostTest {
    private static String run(long requests, long tripNs) throws InterruptedException {
        NodeCost cost = new NodeCost();
        cost.roundTrips().recordValue(1);
        cost.begin();
        for (int i = 0; i < requests; i++) {
            cost.roundTrips().recordValue(tripNs);
        }
        return cost.end(requests);
    }

    @Test
    void aRunTravelsAsALineAndAddsUp() throws InterruptedException {
        String line = run(3, 1000);
        assertThat(Figures.isOne(line)).isTrue();
        assertThat(Figures.isOne("Throughput: 1")).isFalse();
        Figures first = Figures.of(line);
        assertThat(first.requests()).isEqualTo(3);
        assertThat(first.bytes()).isNotNegative();
        assertThat(first.roundTrips().timesNs().getTotalCount())
                .as("what was before begin() does not count")
                .isEqualTo(3);
        Figures both = first.plus(Figures.of(run(1, 9000)));
        assertThat(both.requests()).isEqualTo(4);
        assertThat(both.roundTrips().timesNs().getTotalCount()).isEqualTo(4);
        assertThat(both.roundTrips().timesNs().getMaxValue()).isGreaterThanOrEqualTo(9000);
        assertThat(both.roundTrips().timesNs().getValueAtPercentile(50)).isBetween(1000L, 1001L);
    }

    @Test
    void allocationGrowsWithWhatIsAllocatedOverCollections() throws InterruptedException {
        HeapAllocation allocation = new HeapAllocation();
        long beforeBytes = allocation.bytes();
        int arrays = 8;
        int arrayBytes = 4 << 20;
        int sum = 0;
        for (int i = 0; i < arrays; i++) {
            sum += new byte[arrayBytes].length;
            System.gc();
        }
        assertThat(allocation.bytes() - beforeBytes).isGreaterThanOrEqualTo(sum);
    }
}
