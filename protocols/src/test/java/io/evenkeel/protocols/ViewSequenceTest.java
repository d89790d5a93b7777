package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jgroups.Address;
import org.jgroups.MergeView;
import org.jgroups.View;
import org.jgroups.util.Util;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ViewSequenceTest {
    private final Address self = Util.createRandomAddress("A");
    private final Address other = Util.createRandomAddress("B");
    private final ViewSequence views = new ViewSequence();
    private final List<Long> delivered = Collections.synchronizedList(new ArrayList<>());

    @Test
    void anOlderViewIsNotDelivered() {
        assertThat(deliver(2)).isTrue();
        assertThat(deliver(1)).isFalse();
        assertThat(deliver(3)).isTrue();
        assertThat(delivered).containsExactly(2L, 3L);
    }

    @Test
    void theSameViewAgainIsNotOlder() {
        assertThat(deliver(2)).isTrue();
        assertThat(deliver(2)).isTrue();
    }

    @Test
    void theNumberDecidesWhoeverMadeTheView() {
        assertThat(deliver(View.create(self, 5, self, other))).isTrue();
        assertThat(deliver(new MergeView(other, 6, List.of(other, self), List.of())))
                .isTrue();
        assertThat(deliver(View.create(self, 5, self))).isFalse();
    }

    /** A member that leaves and founds a cluster of its own is in a view with a smaller number. */
    @Test
    void afterADisconnectTheNumbersStartAnew() {
        deliver(7);
        views.reset();
        assertThat(deliver(0)).isTrue();
    }

    /** A thread that was held up until the channel was connected again brings a view of the former connection. */
    @Test
    void aViewOfAFormerConnectionIsNotDelivered() {
        deliver(View.create(other, 7, other, self));
        views.reset();
        Address now = Util.createRandomAddress("A");

        assertThat(views.deliver(View.create(other, 8, other, self), now, () -> delivered.add(8L)))
                .isFalse();
        assertThat(views.deliver(View.create(now, 0, now), now, () -> delivered.add(0L)))
                .isTrue();
        assertThat(delivered).containsExactly(7L, 0L);
    }

    /** A thread whose receiver has the view and waits. */
    private Thread receiving(ViewSequence sequence, View view, CountDownLatch until) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        Thread thread = new Thread(() -> sequence.deliver(view, self, () -> {
            inside.countDown();
            awaitQuietly(until);
        }));
        thread.start();
        inside.await();
        return thread;
    }

    /**
     * A receiver that waits for what only the next view brings, as flow control does for the credits of a dead member.
     */
    @Test
    void aReceiverThatIsStuckHoldsTheNextViewUpForALimitedTime() throws Exception {
        ViewSequence impatient = new ViewSequence(TimeUnit.MILLISECONDS.toNanos(50));
        CountDownLatch unblocked = new CountDownLatch(1);
        Thread stuck = receiving(impatient, view(1), unblocked);

        assertThat(impatient.deliver(view(2), self, unblocked::countDown)).isTrue();

        stuck.join();
    }

    /** A receiver is slow, and meanwhile the channel is connected again. */
    @Test
    void aViewThatHasWaitedSinceAFormerConnectionIsNotDelivered() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Thread first = receiving(views, view(7), release);
        Thread second = new Thread(() -> deliver(8));
        second.start();
        Awaitility.await().until(() -> second.getState() == Thread.State.TIMED_WAITING);

        views.reset();
        release.countDown();
        first.join();
        second.join();

        Address now = Util.createRandomAddress("A");
        assertThat(views.deliver(View.create(now, 0, now), now, () -> delivered.add(0L)))
                .isTrue();
        assertThat(delivered).containsExactly(0L);
    }

    @Test
    void anInterruptIsKeptAndCostsNoView() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Thread first = new Thread(() -> views.deliver(view(1), self, () -> {
            inside.countDown();
            awaitQuietly(release);
            delivered.add(1L);
        }));
        first.start();
        inside.await();
        List<Boolean> interrupted = Collections.synchronizedList(new ArrayList<>());
        Thread second = new Thread(() -> {
            Thread.currentThread().interrupt();
            deliver(2);
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        second.start();
        Awaitility.await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
        release.countDown();

        first.join();
        second.join();
        assertThat(delivered).containsExactly(1L, 2L);
        assertThat(interrupted).containsExactly(true);
    }

    @RepeatedTest(20)
    void whateverThreadsBringThemViewsComeInOrderAndTheNewestLast() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        ViewChurn churn = new ViewChurn(seed, self, 0);

        churn.tell(view ->
                views.deliver(view, self, () -> delivered.add(view.getViewId().getId())));

        assertThat(delivered)
                .as("seed " + seed)
                .isSorted()
                .endsWith(churn.newest().getViewId().getId());
    }

    private boolean deliver(long id) {
        return deliver(view(id));
    }

    private boolean deliver(View view) {
        return views.deliver(view, self, () -> delivered.add(view.getViewId().getId()));
    }

    private View view(long id) {
        return View.create(self, id, self, other);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
