package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.logging.LogFactory;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BulkExecutorTest {
    private static final int LIMIT_BYTES = 100;
    private static final int HALF_BYTES = LIMIT_BYTES / 2;

    private final Address sender = new IpAddress(7800);
    private final Address other = new IpAddress(7801);
    private final Semaphore mayEnd = new Semaphore(0);
    private final List<Long> answered = new CopyOnWriteArrayList<>();
    private final BulkExecutor executor = new BulkExecutor(
            1,
            LIMIT_BYTES,
            true,
            message -> mayEnd.acquireUninterruptibly(),
            (to, probe) -> answered.add(probe),
            new PressureMeter(),
            LogFactory.getLog(BulkExecutor.class));

    @AfterEach
    void stop() {
        mayEnd.release(LIMIT_BYTES);
        executor.stop();
    }

    @Test
    void answersTheLatestProbeWhenEnoughOfWhatCameBeforeIsHandled() {
        executor.start(null, () -> "");
        take(HALF_BYTES);
        assertThat(executor.defer(sender, 1)).isFalse();
        take(1);

        assertThat(executor.defer(sender, 3)).isTrue();
        assertThat(executor.defer(sender, 2)).isTrue();
        assertThat(executor.defer(other, 4)).isFalse();
        assertThat(answered).isEmpty();
        mayEnd.release();

        await().untilAsserted(() -> assertThat(answered).containsExactly(3L));
        assertThat(executor.backlogMessages()).isEqualTo(1);
        assertThat(executor.defer(sender, 5)).isFalse();
    }

    @Test
    void notStartedItTakesNothing() {
        assertThat(executor.take(sender, new BytesMessage(null, new byte[1]), true))
                .isFalse();
        assertThat(executor.defer(sender, 1)).isFalse();
    }

    private void take(int bytes) {
        assertThat(executor.take(sender, new BytesMessage(null, new byte[bytes]), true))
                .isTrue();
    }
}
