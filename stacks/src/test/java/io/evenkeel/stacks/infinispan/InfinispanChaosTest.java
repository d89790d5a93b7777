package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Infinispan's own transfers, in the midst of which nodes are killed, leave or join, links are cut, and pacing is
 * turned off and on and told other limits.
 *
 * <p>A cache with two owners bears the loss of one node; so one is lost, and the next only when the caches have
 * settled. Then every entry has to be there, on two nodes and unspoiled, and STATE_FC may have nothing queued, under
 * way or half received; in the end no thread is left.
 *
 * <p>The seed is in the name of each case. {@code -Devenkeel.chaos.rounds=200} runs more of them,
 * {@code -Devenkeel.chaos.seed=N} begins with that one.
 */
class InfinispanChaosTest {
    private static final int ROUNDS = Integer.getInteger("evenkeel.chaos.rounds", 3);
    private static final long FIRST_SEED = Long.getLong("evenkeel.chaos.seed", 1);
    private static final int FEWEST_NODES = 3;
    private static final int MOST_NODES = 5;
    private static final int STEPS = 4;
    private static final int OWNERS = 2;
    private static final int ENTRIES = 2_000;
    private static final int VALUE_BYTES = 10_000;
    private static final String KEY_PREFIX = "key-";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    /** So often it is looked whether state moves: well within a transfer. */
    private static final Duration MIDST = Duration.ofMillis(5);

    @TestFactory
    List<DynamicTest> losesNoEntry() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + ROUNDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Round(seed).play()))
                .toList();
    }

    private static final class Round {
        private final long seed;
        private final Random random;
        private final int chunkEntries;
        private final List<InfinispanNode> nodes = new ArrayList<>();
        private final List<InfinispanNode> dead = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private boolean oneIsLost;

        Round(long seed) {
            this.seed = seed;
            random = new Random(seed);
            chunkEntries = 16 << random.nextInt(6);
        }

        void play() {
            try {
                for (int i = 0; i < FEWEST_NODES; i++) {
                    join();
                }
                settle();
                fill();
                for (int i = 0; i < STEPS; i++) {
                    long before = bulkBytes();
                    makeStateMove();
                    awaitTransfer(before);
                    disturb();
                    settle();
                    check();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", chunks of " + chunkEntries + ": " + story, e);
            } finally {
                nodes.forEach(InfinispanNode::close);
                dead.forEach(InfinispanNode::close);
            }
            awaitNoThread();
        }

        private String cluster() {
            return "infinispan-chaos-" + seed;
        }

        private void fill() {
            Map<String, byte[]> some = new HashMap<>();
            for (int number = 0; number < ENTRIES; number++) {
                some.put(key(number), value(number));
            }
            nodes.get(0).cache().putAll(some);
        }

        private static String key(int number) {
            return KEY_PREFIX + number;
        }

        private static int number(String key) {
            return Integer.parseInt(key.substring(KEY_PREFIX.length()));
        }

        private static byte[] value(int number) {
            byte[] value = new byte[VALUE_BYTES];
            new Random(number).nextBytes(value);
            return value;
        }

        private void makeStateMove() {
            oneIsLost = false;
            if (nodes.size() == FEWEST_NODES || (nodes.size() < MOST_NODES && random.nextBoolean())) {
                join();
            } else {
                loseOne();
            }
        }

        private void join() {
            InfinispanNode joiner = InfinispanNode.withoutAwaitingState(cluster(), "sessions", chunkEntries);
            nodes.add(joiner);
            story.add("join of " + joiner.name());
        }

        private void loseOne() {
            InfinispanNode lost = any();
            nodes.remove(lost);
            dead.add(lost);
            oneIsLost = true;
            if (random.nextBoolean()) {
                story.add("death of " + lost.name());
                lost.cut(true);
            } else {
                story.add("leave of " + lost.name());
                lost.close();
            }
        }

        private void awaitTransfer(long bulkBytesBefore) {
            await().atMost(LIMIT).pollInterval(MIDST).until(() -> bulkBytes() > bulkBytesBefore);
        }

        private void disturb() {
            switch (random.nextInt(9)) {
                case 0 -> loseAnother();
                case 1 -> joinToo();
                case 2, 3 -> cutALinkForAWhile(any(), any());
                case 4 -> all("pacing off", stateFc -> stateFc.setEnabled(false));
                case 5 -> all("pacing on", stateFc -> stateFc.setEnabled(true));
                case 6 -> turnOffAndOn();
                case 7 -> {
                    int cap = PacingPolicy.defaults().floorBytes() + random.nextInt(1_000_000);
                    all("cap " + cap, stateFc -> stateFc.setCap(cap));
                }
                default -> {
                    int target = 200 + random.nextInt(5_000);
                    all("target " + target, stateFc -> stateFc.setTargetDelayUs(target));
                }
            }
        }

        private void loseAnother() {
            if (!oneIsLost && nodes.size() > FEWEST_NODES) {
                loseOne();
            }
        }

        private void joinToo() {
            if (nodes.size() < MOST_NODES) {
                join();
            }
        }

        private void turnOffAndOn() {
            all("pacing off", stateFc -> stateFc.setEnabled(false));
            all("pacing on", stateFc -> stateFc.setEnabled(true));
        }

        private void all(String what, Consumer<STATE_FC> change) {
            story.add(what);
            nodes.forEach(node -> change.accept(node.stateFc()));
        }

        /**
         * One way or both, until a probe is lost or nothing waits for an answer; too short for a node to be excluded.
         */
        private void cutALinkForAWhile(InfinispanNode from, InfinispanNode to) {
            if (from == to) {
                return;
            }
            story.add("no link from " + from.name() + " to " + to.name());
            long lostBefore = from.stateFc().getProbesLost();
            to.cutFrom(from);
            if (random.nextBoolean()) {
                from.cutFrom(to);
            }
            await().atMost(LIMIT)
                    .until(() -> from.stateFc().getInFlightBytes() == 0
                            || from.stateFc().getProbesLost() > lostBefore);
            to.connectLinks();
            from.connectLinks();
        }

        private void settle() {
            await().atMost(LIMIT).untilAsserted(() -> {
                for (InfinispanNode node : nodes) {
                    assertThat(node.settledMembers()).as(node.name()).hasSize(nodes.size());
                }
            });
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(sum(nodes, STATE_FC::getQueuedBytes))
                        .as("queued bytes")
                        .isZero();
                assertThat(sum(nodes, STATE_FC::getInFlightBytes))
                        .as("bytes under way")
                        .isZero();
                assertThat(sum(nodes, STATE_FC::getHalfReceivedMessages))
                        .as("messages half received")
                        .isZero();
            });
        }

        /** Segments that a node owned before a rebalance are dropped a little later. */
        private void check() {
            await().atMost(LIMIT).untilAsserted(() -> {
                Map<String, Integer> copies = new HashMap<>();
                for (InfinispanNode node : nodes) {
                    node.stored().forEach((key, value) -> copies.merge(key, 1, Integer::sum));
                }
                assertThat(copies).hasSize(ENTRIES);
                assertThat(new HashSet<>(copies.values())).containsExactly(OWNERS);
            });
            for (InfinispanNode node : nodes) {
                node.stored().forEach((key, value) -> assertThat(value).as(key).isEqualTo(value(number(key))));
            }
        }

        /** Those who are gone included, so that it only grows. */
        private long bulkBytes() {
            return sum(nodes, STATE_FC::getBulkBytesSent) + sum(dead, STATE_FC::getBulkBytesSent);
        }

        private static long sum(List<InfinispanNode> some, ToLongFunction<STATE_FC> figure) {
            return some.stream()
                    .mapToLong(node -> figure.applyAsLong(node.stateFc()))
                    .sum();
        }

        private void awaitNoThread() {
            await().atMost(LIMIT).until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.isAlive() && thread.getName().contains(cluster())));
        }

        private InfinispanNode any() {
            return nodes.get(random.nextInt(nodes.size()));
        }
    }
}
