package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.util.List;
import java.util.Map;
import org.infinispan.factories.GlobalComponentRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rest of it, and leaves as Keycloak makes them. */
class RestartClusterTest extends RestartContract {
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
