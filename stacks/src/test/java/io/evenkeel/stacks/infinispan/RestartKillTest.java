package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.stacks.infinispan.ChaosCluster.Member;
import io.evenkeel.stacks.infinispan.RestartSteps.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The restart of a member of four, or of their coordinator, in which a member is killed at a step: each member at each
 * step.
 *
 * <p>Neither the grace nor the leave guard ends by time. A few of the cases are run unless
 * {@code -Devenkeel.chaos.kills=all}.
 */
class RestartKillTest {
    private static final boolean ALL = "all".equals(System.getProperty("evenkeel.chaos.kills"));
    private static final int SAMPLE = 23;
    private static final int NODES = 4;

    private ChaosCluster cluster;

    /** The part of the killed one. */
    enum Victim {
        LEAVER,
        COORDINATOR,
        NEXT_COORDINATOR,
        BYSTANDER,
        RETURNER
    }

    record Case(boolean coordinatorLeaves, Step step, Victim victim) {
        /** Nobody is killed twice, or before it is there, and a coordinator that leaves is one member. */
        boolean isPossible() {
            return switch (victim) {
                case LEAVER -> step.compareTo(Step.ALL_LEFT) < 0;
                case COORDINATOR -> !(coordinatorLeaves && step.isBeforeTheReturn()) && isTaken();
                case RETURNER -> !step.isBeforeTheReturn();
                default -> isTaken();
            };
        }

        private boolean isTaken() {
            return coordinatorLeaves || step != Step.RECOVERED;
        }

        @Override
        public String toString() {
            return (coordinatorLeaves ? "the coordinator leaves, " : "a member leaves, ") + step + ", kills " + victim;
        }
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @TestFactory
    List<DynamicTest> rebalancingEndsUpOn() {
        List<Case> cases = new ArrayList<>();
        for (boolean coordinatorLeaves : new boolean[] {false, true}) {
            for (Step step : Step.values()) {
                for (Victim victim : Victim.values()) {
                    cases.add(new Case(coordinatorLeaves, step, victim));
                }
            }
        }
        cases.removeIf(some -> !some.isPossible());
        return IntStream.range(0, cases.size())
                .filter(number -> ALL || number % SAMPLE == 0)
                .mapToObj(cases::get)
                .map(some -> DynamicTest.dynamicTest(some.toString(), () -> play(some)))
                .toList();
    }

    private void play(Case some) {
        try {
            if (cluster == null) {
                cluster = new ChaosCluster(1, ChaosCluster.FOR_EVER);
                cluster.start(NODES);
            }
            while (cluster.alive().size() < NODES) {
                cluster.join().join();
            }
            cluster.settle();
            cluster.tell(some.toString());
            restart(some);
            cluster.settle();
        } catch (AssertionError | RuntimeException e) {
            ChaosCluster broken = cluster;
            cluster = null;
            String story = broken.story();
            broken.close();
            throw new AssertionError(some + "\n" + story, e);
        }
    }

    private void restart(Case some) {
        List<Member> members = cluster.inOrderOfView();
        Member leaver = members.get(some.coordinatorLeaves ? 0 : NODES - 1);
        if (some.step.isBeforeTheReturn()) {
            try (RestartSteps steps = new RestartSteps(some.step, () -> cluster.kill(victim(some, members, leaver)))) {
                CompletableFuture<Void> left = cluster.leave(leaver);
                assertThat(steps.taken()).succeedsWithin(ChaosCluster.LIMIT);
                assertThat(left).succeedsWithin(ChaosCluster.LIMIT);
            }
            return;
        }
        assertThat(cluster.leave(leaver)).succeedsWithin(ChaosCluster.LIMIT);
        cluster.awaitViews();
        await().atMost(ChaosCluster.LIMIT).until(() -> cluster.isHeld("sessions"));
        List<Member> left = cluster.inOrderOfView();
        try (RestartSteps steps = new RestartSteps(some.step, () -> cluster.kill(victim(some, left, leaver)))) {
            CompletableFuture<Member> joined = cluster.join();
            assertThat(steps.taken()).succeedsWithin(ChaosCluster.LIMIT);
            if (some.victim != Victim.RETURNER) {
                assertThat(joined).succeedsWithin(ChaosCluster.LIMIT);
            }
        }
    }

    private Member victim(Case some, List<Member> members, Member leaver) {
        List<Member> others = new ArrayList<>(members);
        others.remove(leaver);
        boolean coordinatorIsGone = some.coordinatorLeaves && some.step.isBeforeTheReturn();
        return switch (some.victim) {
            case LEAVER -> leaver;
            case COORDINATOR -> others.get(0);
            case NEXT_COORDINATOR -> others.get(coordinatorIsGone ? 0 : 1);
            case BYSTANDER -> others.get(others.size() - 1);
            case RETURNER -> cluster.joining();
        };
    }
}
