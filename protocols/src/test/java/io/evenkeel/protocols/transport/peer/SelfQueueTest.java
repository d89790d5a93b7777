package io.evenkeel.protocols.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class SelfQueueTest {
    private static final Address SELF = UUID.randomUUID();
    private static final Address ALSO_SELF = UUID.randomUUID();

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<List<Message>> batches = new ArrayList<>();
    private final SelfQueue queue = new SelfQueue(() -> loop::add);

    SelfQueueTest() {
        queue.deliverTo(messages -> batches.add(List.copyOf(messages)));
    }

    private Message send(Address destination) {
        Message message = new BytesMessage(destination);
        queue.send(message);
        return message;
    }

    private void runLoop() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    @Test
    void whatCameWhileTheLoopWasBusyIsOneBatch() {
        Message first = send(SELF);
        Message second = send(SELF);
        assertThat(loop).as("tasks for both").hasSize(1);
        runLoop();
        assertThat(batches).containsExactly(List.of(first, second));
        Message later = send(SELF);
        runLoop();
        assertThat(batches).containsExactly(List.of(first, second), List.of(later));
    }

    @Test
    void aBatchHasOneDestination() {
        Message first = send(SELF);
        Message other = send(ALSO_SELF);
        Message last = send(SELF);
        runLoop();
        assertThat(batches).containsExactly(List.of(first), List.of(other), List.of(last));
    }

    @Test
    void aBatchIsBoundedAndNothingStays() {
        for (int i = 0; i < SelfQueue.MAX_BATCH + 1; i++) {
            send(SELF);
        }
        runLoop();
        assertThat(batches).extracting(List::size).containsExactly(SelfQueue.MAX_BATCH, 1);
    }

    @Test
    void aReceiverThatThrowsLosesItsBatchOnly() {
        queue.deliverTo(messages -> {
            throw new IllegalStateException("no");
        });
        send(SELF);
        assertThat(loop).hasSize(1);
        Runnable task = loop.poll();
        assertThatThrownBy(task::run).isInstanceOf(IllegalStateException.class);
        queue.deliverTo(messages -> batches.add(List.copyOf(messages)));
        Message next = send(SELF);
        runLoop();
        assertThat(batches).containsExactly(List.of(next));
    }
}
