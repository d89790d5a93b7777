package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.CacheStopped;
import org.infinispan.notifications.cachemanagerlistener.event.CacheStoppedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rest of it, and leaves as Keycloak makes them. */
class RestartClusterTest extends RestartContract {
    /** Longer than a node that leaves waits for the word of another one. */
    private static final Duration SETTLED = Duration.ofSeconds(8);

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aNodeThatLeavesBeforeItStopsIsExpectedBackToo(int leaver) {
        start(4, FOR_EVER);
        long before = bulkBytes();

        leaveAsKeycloakDoes(leaver);
        awaitMembers(3);
        await().atMost(LIMIT).until(() -> !nodes.get(0).isRebalancingEnabled());
        assertThat(bulkBytes()).as("moved in the leave").isEqualTo(before);

        join(FOR_EVER);
        settle();
    }

    @Test
    void nodesThatLeaveBeforeTheyStopLoseNothing() {
        start(4, FOR_EVER);
        while (nodes.size() > 1) {
            leaveAsKeycloakDoes(nodes.size() - 1);
        }
        assertThat(nodes.get(0).storedEntries()).isEqualTo(ENTRIES);
    }

    @Test
    void aCacheThatStopsByItselfAnnouncesNoLeaveOfTheNode() {
        start(3, FOR_EVER);
        InfinispanNode staying = nodes.remove(2);
        gone.add(staying);
        staying.cache().stop();
        settle();
    }

    @Test
    void timeEndsTheGrace() {
        start(3, Map.of(RestartOptions.GRACE, "1s"));
        leave(2);
        settle();
    }

    @Test
    void noGraceWithoutATime() {
        start(3, Map.of(RestartOptions.GRACE, "0"));
        leave(2);
        settle();
    }

    @Test
    void twoThatLeaveAtOnceLoseNothing() {
        start(4, FOR_EVER);
        InfinispanNode one = nodes.remove(3);
        InfinispanNode other = nodes.remove(0);
        assertThat(closeAtOnce(List.of(one, other))).succeedsWithin(LIMIT);
        settle();
    }

    /** The greater one has gone before it heard of the other's leave, and takes its time. */
    @Test
    void theLesserOfTwoWaitsForTheGreaterThatGoesAlready() throws Exception {
        start(4, FOR_EVER);
        List<InfinispanNode> leaving = nodes.subList(1, 4).stream()
                .sorted(Comparator.comparing(node -> node.manager().getAddress()))
                .skip(1)
                .toList();
        InfinispanNode lesser = leaving.get(0);
        InfinispanNode greater = leaving.get(1);
        nodes.removeAll(leaving);
        CompletableFuture<Void> first;
        CompletableFuture<Void> second;
        try (HeldStop held = new HeldStop()) {
            greater.manager().addListener(held);
            first = closeAtOnce(List.of(greater));
            assertThat(held.reached.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            second = closeAtOnce(List.of(lesser));
            await().atMost(LIMIT).during(SETTLED).until(() -> !second.isDone());
        }

        assertThat(first).succeedsWithin(LIMIT);
        assertThat(second).succeedsWithin(LIMIT);
        settle();
    }

    /** Stops the stop of a node once it waits for no copies any more, ahead of the leave of its caches. */
    @Listener
    public static final class HeldStop implements AutoCloseable {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @CacheStopped
        public void stopped(CacheStoppedEvent event) throws InterruptedException {
            reached.countDown();
            goOn.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        /** Lets the stop go on. */
        @Override
        public void close() {
            goOn.countDown();
        }
    }

    @Test
    void nobodyWaitsWhereAllLeaveAtOnce() {
        start(3, FOR_EVER);
        assertThat(closeAtOnce(nodes)).succeedsWithin(LIMIT);
    }

    /** From 26.7.5 on: running caches are left first, then all stop. */
    private void leaveAsKeycloakDoes(int index) {
        GlobalComponentRegistry.of(nodes.get(index).manager())
                .getLocalTopologyManager()
                .leave("sessions", LIMIT.toMillis());
        leave(index);
    }
}
