package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.stacks.infinispan.ChaosCluster.Member;
import io.evenkeel.stacks.infinispan.RestartSteps.Step;
import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Restarts and leaves of real nodes under deaths, splits and other restarts, drawn from a seed.
 *
 * <p>In most rounds neither the grace nor the leave guard ends by time, so that what is stuck stays so. After each
 * scenario every entry has its copies, and rebalancing is on; see {@link ChaosCluster#settle}. In the end all stop at
 * once.
 *
 * <p>The seed is in the name of each case. {@code -Devenkeel.chaos.seeds=200} runs more of them,
 * {@code -Devenkeel.chaos.seed=N} begins with that one.
 */
class RestartChaosTest {
    private static final int SEEDS = Integer.getInteger("evenkeel.chaos.seeds", 3);
    private static final long FIRST_SEED = Long.getLong("evenkeel.chaos.seed", 1);
    private static final int FEWEST_NODES = 3;
    private static final int MOST_NODES = 5;
    private static final int SCENARIOS = 3;
    private static final Map<String, String> ONE_SECOND =
            Map.of(RestartOptions.GRACE, "1s", RestartOptions.GUARD, "1h");

    private enum Scenario {
        RESTART,
        RESTART_OF_COORDINATOR,
        DEATH_IN_GRACE,
        DEATH_OF_COORDINATOR_IN_GRACE,
        TWO_RESTARTS,
        ROLLING_RESTART,
        SURGE,
        SCALE_DOWN,
        SPLIT_IN_GRACE,
        DEATH_AT_A_STEP
    }

    @TestFactory
    List<DynamicTest> losesNoEntryAndEndsUpOn() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Round(seed).play()))
                .toList();
    }

    private static final class Round {
        private final long seed;
        private final Random random;
        private final ChaosCluster cluster;

        Round(long seed) {
            this.seed = seed;
            random = new Random(seed);
            cluster = new ChaosCluster(seed, random.nextInt(4) == 0 ? ONE_SECOND : ChaosCluster.FOR_EVER);
        }

        void play() {
            try (cluster) {
                cluster.start(FEWEST_NODES + random.nextInt(MOST_NODES - FEWEST_NODES + 1));
                for (int i = 0; i < SCENARIOS; i++) {
                    Scenario scenario = one(Scenario.values());
                    cluster.tell(scenario.toString());
                    play(scenario);
                    cluster.settle();
                    while (cluster.alive().size() < FEWEST_NODES) {
                        joinSome(1);
                    }
                    cluster.settle();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + cluster.story(), e);
            }
        }

        private void play(Scenario scenario) {
            switch (scenario) {
                case RESTART -> restart(any());
                case RESTART_OF_COORDINATOR -> restart(cluster.coordinator());
                case DEATH_IN_GRACE -> deathInGrace(false);
                case DEATH_OF_COORDINATOR_IN_GRACE -> deathInGrace(true);
                case TWO_RESTARTS -> twoRestarts();
                case ROLLING_RESTART -> cluster.alive().forEach(this::restart);
                case SURGE -> surge();
                case SCALE_DOWN -> scaleDown();
                case SPLIT_IN_GRACE -> splitInGrace();
                case DEATH_AT_A_STEP -> deathAtAStep();
            }
        }

        /** Not looking whether the caches have settled before. */
        private void restart(Member member) {
            leave(member);
            joinSome(1);
        }

        private void deathInGrace(boolean ofCoordinator) {
            Member leaver = any();
            CompletableFuture<Void> left = cluster.leave(leaver);
            if (random.nextInt(3) > 0) {
                assertThat(left).succeedsWithin(ChaosCluster.LIMIT);
            }
            List<Member> others = cluster.inOrderOfView();
            others.remove(leaver);
            cluster.kill(others.get(ofCoordinator ? 0 : random.nextInt(others.size())));
            assertThat(left).succeedsWithin(ChaosCluster.LIMIT);
            joinSome(random.nextInt(3));
        }

        private void twoRestarts() {
            List<Member> some = cluster.alive();
            CompletableFuture<Void> one = cluster.leave(some.remove(random.nextInt(some.size())));
            CompletableFuture<Void> other = cluster.leave(some.remove(random.nextInt(some.size())));
            assertThat(one).succeedsWithin(ChaosCluster.LIMIT);
            assertThat(other).succeedsWithin(ChaosCluster.LIMIT);
            joinSome(2);
        }

        /** Where the one that came first took the place of one that had died, the leaver is expected back. */
        private void surge() {
            Member leaver = any();
            joinSome(1);
            leave(leaver);
            cluster.awaitViews();
            if (cluster.isHeld("sessions")) {
                joinSome(1);
            }
        }

        private void scaleDown() {
            joinSome(MOST_NODES - cluster.alive().size());
            cluster.settle();
            boolean inOrder = random.nextBoolean();
            while (cluster.alive().size() > 1) {
                List<Member> some = cluster.inOrderOfView();
                leave(some.get(inOrder ? some.size() - 1 : random.nextInt(some.size())));
            }
        }

        private void splitInGrace() {
            if (random.nextBoolean()) {
                joinSome(1);
                cluster.settle();
            }
            leave(any());
            cluster.awaitViews();
            List<Member> some = cluster.inOrderOfView();
            List<Member> minority = new ArrayList<>();
            do {
                minority.add(some.remove(random.nextInt(some.size())));
            } while (some.size() > 2 && random.nextBoolean());
            cluster.split(minority);
            cluster.heal();
            joinSome(random.nextInt(2));
        }

        private void deathAtAStep() {
            Step step = one(Step.values());
            Member leaver = any();
            List<Member> candidates = cluster.alive();
            int victim = random.nextInt(candidates.size() + 1);
            cluster.tell("a death at " + step);
            try (RestartSteps steps = new RestartSteps(step, () -> {
                Member chosen = victim < candidates.size() ? candidates.get(victim) : newest();
                if (!chosen.dead) {
                    cluster.kill(chosen);
                }
            })) {
                leave(leaver);
                CompletableFuture<Member> joined = cluster.join();
                await().atMost(ChaosCluster.LIMIT).until(() -> joined.isDone() || newest().dead);
                cluster.tell(steps.taken().isDone() ? "the step was taken" : "the step was not taken");
            }
        }

        private <T> T one(T[] some) {
            return List.of(some).get(random.nextInt(some.length));
        }

        private Member newest() {
            List<Member> some = cluster.everybody();
            return some.get(some.size() - 1);
        }

        private Member any() {
            List<Member> some = cluster.alive();
            return some.get(random.nextInt(some.size()));
        }

        private void leave(Member member) {
            assertThat(cluster.leave(member)).succeedsWithin(ChaosCluster.LIMIT);
        }

        /** At once. */
        private void joinSome(int count) {
            List<CompletableFuture<Member>> joins = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                joins.add(cluster.join());
            }
            joins.forEach(join -> assertThat(join).succeedsWithin(ChaosCluster.LIMIT));
        }
    }
}
