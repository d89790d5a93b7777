package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartsTest {
    private static final int MIN = PacingPolicy.MIN_FRAGMENT_BYTES;
    private static final int MAX = PacingPolicy.MAX_FRAGMENT_BYTES;

    @Test
    void aPartIsAQuarterOfTheWindowButNeitherTinyNorHuge() {
        assertThat(Parts.fullBytes(4L * MIN - 1)).isEqualTo(MIN);
        assertThat(Parts.fullBytes(4L * MIN)).isEqualTo(MIN);
        assertThat(Parts.fullBytes(4L * MIN + 4)).isEqualTo(MIN + 1);
        assertThat(Parts.fullBytes(4L * MAX - 1)).isEqualTo(MAX - 1);
        assertThat(Parts.fullBytes(4L * MAX)).isEqualTo(MAX);
        assertThat(Parts.fullBytes(4L * MAX + 4)).isEqualTo(MAX);
    }

    @Test
    void theNextPartFillsTheRoomUnlessThatIsLessThanHalfAPart() {
        long window = 4L * MAX;

        assertThat(Parts.nextBytes(MAX - 1, window, 0)).isEqualTo(MAX - 1);
        assertThat(Parts.nextBytes(MAX + 1, window, 0)).isEqualTo(MAX);
        assertThat(Parts.nextBytes(MAX, window, window - MAX / 2)).isEqualTo(MAX / 2);
        assertThat(Parts.nextBytes(MAX, window, window - MAX / 2 + 1)).isEqualTo(MAX);
        assertThat(Parts.nextBytes(MAX, window, window + 1)).isEqualTo(MAX);
    }

    @Test
    void aProbeFollowsMoreThanAQuarterOrOnePartOfTheSmallestSize() {
        assertThat(Parts.toProbeBytes(4L * MIN)).isEqualTo(MIN);
        assertThat(Parts.toProbeBytes(4L * MIN + 3)).isEqualTo(MIN);
        assertThat(Parts.toProbeBytes(4L * MIN + 4)).isEqualTo(MIN + 2);
        assertThat(Parts.toProbeBytes(64L * MAX)).isEqualTo(16L * MAX + 1);
    }
}
