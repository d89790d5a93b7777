package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficCounterTest {
    private final TrafficCounter counter = new TrafficCounter();

    @Test
    void countsEachKindByItself() {
        counter.add(Traffic.FOREGROUND, 1);
        counter.add(Traffic.JGROUPS_STATE, 10);
        counter.add(Traffic.INFINISPAN_PUSHED, 100);
        counter.add(Traffic.INFINISPAN_PUSHED, 1000);

        assertThat(counter.messages(Traffic.FOREGROUND)).isEqualTo(1);
        assertThat(counter.bytes(Traffic.FOREGROUND)).isEqualTo(1);
        assertThat(counter.messages(Traffic.JGROUPS_STATE)).isEqualTo(1);
        assertThat(counter.bytes(Traffic.JGROUPS_STATE)).isEqualTo(10);
        assertThat(counter.messages(Traffic.INFINISPAN_PUSHED)).isEqualTo(2);
        assertThat(counter.bytes(Traffic.INFINISPAN_PUSHED)).isEqualTo(1100);
    }

    @Test
    void bulkIsAllThatMayYield() {
        for (Traffic kind : Traffic.values()) {
            counter.add(kind, 7);
        }

        assertThat(counter.bulkMessages()).isEqualTo(3);
        assertThat(counter.bulkBytes()).isEqualTo(7L * 3);
        assertThat(Stream.of(Traffic.values()).filter(kind -> !kind.isBulk()))
                .containsExactly(Traffic.FOREGROUND, Traffic.STATE_CONTROL);
    }

    @Test
    void bytesGoBeyondAnInt() {
        counter.add(Traffic.JGROUPS_STATE, Integer.MAX_VALUE);
        counter.add(Traffic.JGROUPS_STATE, 1);

        assertThat(counter.bulkBytes()).isEqualTo(1L + Integer.MAX_VALUE);
    }

    @Test
    void resetStartsOverForEveryKind() {
        for (Traffic kind : Traffic.values()) {
            counter.add(kind, 7);
        }

        counter.reset();

        for (Traffic kind : Traffic.values()) {
            assertThat(counter.messages(kind)).isZero();
            assertThat(counter.bytes(kind)).isZero();
        }
    }
}
