package io.evenkeel.it.bench.state;

import java.time.Duration;
import java.util.Optional;

/**
 * The connection of the hosts.
 *
 * @param mbitPerS of each host's cable, in each direction; empty for this host's loopback, without namespaces
 * @param oneWay how long a packet takes from host to host, beside what its size takes
 */
record Link(Optional<Integer> mbitPerS, Duration oneWay) {
    static final Link LOOPBACK = new Link(Optional.empty(), Duration.ZERO);

    static Link lan(int mbitPerS) {
        return new Link(Optional.of(mbitPerS), Duration.ZERO);
    }

    Link withRoundTrip(Duration roundTrip) {
        return new Link(mbitPerS, roundTrip.dividedBy(2));
    }

    boolean isLoopback() {
        return mbitPerS.isEmpty();
    }
}
