package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoalescedTaskTest {
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final Semaphore mayEnd = new Semaphore(0);

    @Test
    void manyRequestsDuringARunAreOneMoreRunThatBeginsAfterTheLastOfThem() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CoalescedTask task = new CoalescedTask("test", () -> {
            seen.set(asked.get());
            begun.incrementAndGet();
            mayEnd.acquireUninterruptibly();
            ended.incrementAndGet();
        });
        ask(task, 1);
        await().atMost(BOUND).until(() -> begun.get() == 1);
        ask(task, 100);
        mayEnd.release(2);

        await().atMost(BOUND).until(() -> ended.get() == 2);
        assertThat(seen).hasValue(101);
        // The next one is the third: of the hundred, no other run was left.
        ask(task, 1);
        mayEnd.release();
        await().atMost(BOUND).until(() -> ended.get() == 3);
        assertThat(begun).hasValue(3);
    }

    @Test
    void aRunThatFailsIsFollowedByTheNext() {
        CoalescedTask task = new CoalescedTask("test", () -> {
            begun.incrementAndGet();
            throw new IllegalStateException("the database is away");
        });
        ask(task, 1);
        await().atMost(BOUND).until(() -> begun.get() == 1);
        ask(task, 1);

        await().atMost(BOUND).until(() -> begun.get() == 2);
    }

    private void ask(CoalescedTask task, int times) {
        for (int i = 0; i < times; i++) {
            asked.incrementAndGet();
            task.request();
        }
    }
}
