package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedSetTest {
    private final BoundedSet<Integer> recent = new BoundedSet<>();

    @Test
    void whatIsTakenOutIsGone() {
        recent.add(1);

        assertThat(recent.contains(1)).isTrue();
        assertThat(recent.remove(1)).isTrue();
        assertThat(recent.remove(1)).isFalse();
        assertThat(recent.isEmpty()).isTrue();
    }

    @Test
    void theLatestAreKeptAndTheOldestForgotten() {
        int values = 2 * BoundedSet.LIMIT;
        for (int i = 0; i < values; i++) {
            recent.add(i);
        }

        assertThat(recent.contains(BoundedSet.LIMIT - 1)).isFalse();
        assertThat(recent.contains(BoundedSet.LIMIT)).isTrue();
        assertThat(recent.contains(values - 1)).isTrue();
        assertThat(recent.remove(BoundedSet.LIMIT)).isTrue();
    }
}
