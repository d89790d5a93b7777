package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkQueueTest {
    private static final long STUCK_NS = BulkQueue.STUCK_NS;

    @Test
    void handlesOneOfASenderAtATimeInOrder() {
        BulkQueue<String, String> queue = queue(2);
        add(queue, "a", "a1", false);
        add(queue, "a", "a2", false);

        BulkQueue.Work<String, String> first = queue.next(0);
        assertThat(first.message()).isEqualTo("a1");
        assertThat(first.sender()).isEqualTo("a");
        assertThat(queue.next(0)).isNull();
        queue.finish(first);
        assertThat(queue.next(0).message()).isEqualTo("a2");
    }

    @Test
    void handlesSendersInTurnAndNoMoreThanThereAreSlots() {
        BulkQueue<String, String> queue = queue(2);
        add(queue, "a", "a1", true);
        add(queue, "a", "a2", true);
        add(queue, "b", "b1", true);
        add(queue, "c", "c1", true);

        BulkQueue.Work<String, String> a1 = queue.next(0);
        assertThat(a1.message()).isEqualTo("a1");
        assertThat(queue.next(0).message()).isEqualTo("b1");
        assertThat(queue.next(0)).isNull();
        queue.finish(a1);
        assertThat(queue.next(0).message()).isEqualTo("c1");
    }

    @Test
    void fewerSlotsHoldOnlyWhatHasNotBegun() {
        BulkQueue<String, String> queue = queue(2);
        add(queue, "a", "a1", true);
        add(queue, "b", "b1", true);
        add(queue, "c", "c1", true);
        BulkQueue.Work<String, String> a1 = queue.next(0);
        BulkQueue.Work<String, String> b1 = queue.next(0);

        queue.setSlots(1);
        queue.finish(a1);
        assertThat(queue.next(0)).isNull();
        queue.finish(b1);
        assertThat(queue.next(0).message()).isEqualTo("c1");
    }

    @Test
    void whatIsStuckGivesItsSlotToOthers() {
        BulkQueue<String, String> queue = queue(1);
        add(queue, "a", "a1", true);
        add(queue, "b", "b1", true);
        queue.next(0);

        assertThat(queue.needsTicks()).isTrue();
        assertThat(queue.next(STUCK_NS - 1)).isNull();
        assertThat(queue.stuckMessages(STUCK_NS - 1)).isZero();
        assertThat(queue.next(STUCK_NS).message()).isEqualTo("b1");
        assertThat(queue.stuckMessages(STUCK_NS)).isEqualTo(1);
        assertThat(queue.needsTicks()).isFalse();
    }

    /** As without the queue: what is not OOB waits for what came before it, whatever that does. */
    @Test
    void whatIsStuckIsPassedByWhatNeedsNoOrderAndByNothingElseOfItsSender() {
        BulkQueue<String, String> ordered = queue(1);
        add(ordered, "a", "a1", true);
        BulkQueue.Work<String, String> a1 = ordered.next(0);
        add(ordered, "a", "a2", true);
        assertThat(ordered.next(10 * STUCK_NS)).isNull();
        ordered.finish(a1);
        assertThat(ordered.next(10 * STUCK_NS).message()).isEqualTo("a2");

        BulkQueue<String, String> free = queue(1);
        add(free, "a", "a1", true);
        free.next(0);
        add(free, "a", "a2", false);
        assertThat(free.next(STUCK_NS - 1)).isNull();
        assertThat(free.next(STUCK_NS).message()).isEqualTo("a2");
    }

    @Test
    void hasRoomForOneMessageOfAnySizeAndForMoreUpToItsLimit() {
        BulkQueue<String, String> queue = new BulkQueue<>(1, 100);

        assertThat(queue.hasRoom("a", 1_000)).isTrue();
        queue.add("a", "a1", 60, true);
        assertThat(queue.hasRoom("a", 40)).isTrue();
        assertThat(queue.hasRoom("a", 41)).isFalse();
        assertThat(queue.hasRoom("b", 1_000)).isTrue();

        BulkQueue.Work<String, String> a1 = queue.next(0);
        assertThat(queue.hasRoom("a", 41)).isFalse();
        assertThat(queue.backlogBytes("a")).isEqualTo(60);
        queue.finish(a1);
        assertThat(queue.hasRoom("a", 1_000)).isTrue();
        assertThat(queue.holds("a")).isFalse();
    }

    @Test
    void clearedItKeepsOnlyWhatIsBeingHandled() {
        BulkQueue<String, String> queue = queue(1);
        add(queue, "a", "a1", true);
        add(queue, "a", "a2", true);
        add(queue, "b", "b1", true);
        BulkQueue.Work<String, String> a1 = queue.next(0);

        assertThat(queue.clear()).isEqualTo(2);
        assertThat(queue.backlogMessages()).isEqualTo(1);
        assertThat(queue.holds("b")).isFalse();
        queue.finish(a1);
        assertThat(queue.backlogMessages()).isZero();
        assertThat(queue.backlogBytes()).isZero();
        assertThat(queue.holds("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNothingAndKeepsItsPromisesInAnyOrderOfEvents(long seed) {
        Random random = new Random(seed);
        int slots = 1 + random.nextInt(3);
        BulkQueue<Integer, Integer> queue = new BulkQueue<>(slots, 1_000);
        Map<Integer, List<Integer>> handled = new HashMap<>();
        List<BulkQueue.Work<Integer, Integer>> running = new ArrayList<>();
        int added = 0;
        while (added < 500 || queue.backlogMessages() > 0) {
            if (added < 500 && random.nextBoolean()) {
                queue.add(random.nextInt(4), added++, random.nextInt(200), true);
            }
            BulkQueue.Work<Integer, Integer> work = queue.next(0);
            if (work != null) {
                running.add(work);
                handled.computeIfAbsent(work.sender(), sender -> new ArrayList<>())
                        .add(work.message());
            }
            Set<Integer> senders = new HashSet<>();
            assertThat(running).as("seed %d", seed).hasSizeLessThanOrEqualTo(slots);
            assertThat(running).as("seed %d", seed).allMatch(each -> senders.add(each.sender()));
            if (!running.isEmpty() && random.nextBoolean()) {
                queue.finish(running.remove(random.nextInt(running.size())));
            }
        }
        assertThat(handled.values()).as("seed %d", seed).allSatisfy(numbers -> assertThat(numbers)
                .isSorted());
        assertThat(handled.values().stream().mapToInt(List::size).sum())
                .as("seed %d", seed)
                .isEqualTo(500);
        assertThat(queue.backlogBytes()).as("seed %d", seed).isZero();
    }

    private static BulkQueue<String, String> queue(int slots) {
        return new BulkQueue<>(slots, 1_000);
    }

    private static void add(BulkQueue<String, String> queue, String sender, String message, boolean ordered) {
        queue.add(sender, message, 10, ordered);
    }
}
