package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakePlacesTest {
    private static InetAddress host(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void theLastFreePlaceCostsNobodyAnything() {
        HandshakePlaces<String> places = new HandshakePlaces<>(2);
        assertThat(places.take(host("10.0.0.1"), "a")).isEmpty();
        assertThat(places.take(host("10.0.0.1"), "b")).isEmpty();
        assertThat(places.take(host("10.0.0.1"), "c")).hasValueSatisfying(lost -> {
            assertThat(lost.connection()).isEqualTo("a");
            assertThat(lost.held()).isEqualTo(2);
        });
        assertThat(places.taken()).isEqualTo(2);
        assertThatThrownBy(() -> new HandshakePlaces<String>(0)).hasMessageContaining("limit=0 must be >= 1");
    }

    @Test
    void theHostThatHoldsMostLosesItsOldest() {
        HandshakePlaces<String> places = new HandshakePlaces<>(4);
        places.take(host("10.0.0.1"), "few");
        places.take(host("10.0.0.2"), "oldest");
        places.take(host("10.0.0.2"), "older");
        places.take(host("10.0.0.2"), "old");
        assertThat(places.take(host("10.0.0.3"), "new"))
                .hasValueSatisfying(lost -> assertThat(lost.connection()).isEqualTo("oldest"));
        places.leave(host("10.0.0.2"), "older");
        places.leave(host("10.0.0.2"), "older");
        assertThat(places.taken()).isEqualTo(3);
        assertThat(places.take(host("10.0.0.3"), "newer")).isEmpty();
    }

    @Test
    void anIpv6NetworkOf64BitsIsOneHost() {
        InetAddress one = host("2001:db8:1:2:a::1");
        assertThat(HandshakePlaces.hostOf(one)).isEqualTo(host("2001:db8:1:2::"));
        assertThat(HandshakePlaces.hostOf(host("2001:db8:1:3::1"))).isNotEqualTo(HandshakePlaces.hostOf(one));
        assertThat(HandshakePlaces.hostOf(host("10.1.2.3"))).isEqualTo(host("10.1.2.3"));
    }

    /** Strangers from up to 100 hosts come all the time; a joiner from a host of its own is never the one that goes. */
    @Test
    void aHostWithOnePlaceKeepsItAgainstAnyNumberOfConnectionsFromFewerHostsThanPlaces() {
        long seed = System.nanoTime();
        System.out.println("HandshakePlacesTest seed " + seed);
        Random random = new Random(seed);
        int limit = 128;
        HandshakePlaces<Integer> places = new HandshakePlaces<>(limit);
        Map<Integer, InetAddress> held = new HashMap<>();
        InetAddress joiner = host("10.9.9.9");
        for (int i = 1; i <= 100_000; i++) {
            if (i == 50_000) {
                places.take(joiner, 0).ifPresent(lost -> held.remove(lost.connection()));
            }
            InetAddress stranger = host("10.0.0." + (1 + random.nextInt(100)));
            int number = i;
            places.take(stranger, number).ifPresent(lost -> {
                assertThat(lost.connection()).as("seed %d", seed).isPositive();
                assertThat(held.remove(lost.connection())).isEqualTo(lost.host());
            });
            held.put(number, stranger);
            if (random.nextInt(3) == 0) {
                List<Integer> some = new ArrayList<>(held.keySet());
                int ended = some.get(random.nextInt(some.size()));
                places.leave(held.remove(ended), ended);
            }
            assertThat(places.taken()).as("seed %d", seed).isEqualTo(held.size() + (i >= 50_000 ? 1 : 0));
            assertThat(places.taken()).isLessThanOrEqualTo(limit);
        }
        places.leave(joiner, 0);
        List.copyOf(held.keySet()).forEach(each -> places.leave(held.get(each), each));
        assertThat(places.taken()).isZero();
        assertThat(places.hosts()).isZero();
    }

    @Test
    void handshakesStartInABurstAndThenAtTheirPace() {
        TokenBucket pace = new TokenBucket(100, 3, 0);
        assertThat(pace.take(0)).isTrue();
        assertThat(pace.take(0)).isTrue();
        assertThat(pace.take(0)).isTrue();
        assertThat(pace.take(0)).isFalse();
        assertThat(pace.waitNs(0)).isEqualTo(10_000_000);
        assertThat(pace.take(9_999_999)).isFalse();
        assertThat(pace.take(10_000_000)).isTrue();
        assertThat(pace.take(10_000_001)).isFalse();
        // After a pause the bucket is full and no fuller.
        assertThat(pace.take(1_000_000_000)).isTrue();
        assertThat(pace.take(1_000_000_000)).isTrue();
        assertThat(pace.take(1_000_000_000)).isTrue();
        assertThat(pace.take(1_000_000_000)).isFalse();
    }
}
