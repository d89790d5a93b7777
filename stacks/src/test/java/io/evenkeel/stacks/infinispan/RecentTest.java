package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTest {
    private final Recent<Integer> recent = new Recent<>();

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
        int values = 2 * Recent.LIMIT;
        for (int i = 0; i < values; i++) {
            recent.add(i);
        }

        assertThat(recent.contains(Recent.LIMIT - 1)).isFalse();
        assertThat(recent.contains(Recent.LIMIT)).isTrue();
        assertThat(recent.contains(values - 1)).isTrue();
        assertThat(recent.remove(Recent.LIMIT)).isTrue();
    }
}
