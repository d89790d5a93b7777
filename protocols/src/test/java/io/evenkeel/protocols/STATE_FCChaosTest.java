package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Transfers among members that are killed, cut off, connected again, join and leave, over links that are cut one way or
 * both, while pacing is turned off and on.
 *
 * <p>Whatever happens: nobody gets a message spoiled, twice or out of order; where neither had a view without the
 * other, all arrives; and afterwards nothing is queued, under way or half assembled, and no thread is left.
 *
 * <p>The seed is in the name of each case. {@code -Devenkeel.chaos.rounds=200} runs more of them,
 * {@code -Devenkeel.chaos.seed=N} begins with that one.
 */
class STATE_FCChaosTest {
    private static final int ROUNDS = Integer.getInteger("evenkeel.chaos.rounds", 5);
    private static final long FIRST_SEED = Long.getLong("evenkeel.chaos.seed", 1);
    private static final int MEMBERS = 3;
    private static final int STEPS = 12;
    private static final int BURST = 10;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TestFactory
    List<DynamicTest> holdsWhateverHappens() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + ROUNDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Round(seed).play()))
                .toList();
    }

    private static final class Round {
        private final long seed;
        private final Random random;
        private final List<STATE_FCMember> members = new ArrayList<>();
        private final List<STATE_FCMember> dead = new ArrayList<>();
        private final TreeMap<String, Integer> sent = new TreeMap<>();

        Round(long seed) {
            this.seed = seed;
            random = new Random(seed);
        }

        void play() throws Exception {
            try {
                for (int i = 0; i < MEMBERS; i++) {
                    join();
                }
                awaitOneView();
                for (int i = 0; i < STEPS; i++) {
                    transfer();
                    disturb();
                }
                settle();
                check();
            } finally {
                members.forEach(STATE_FCMember::close);
                dead.forEach(STATE_FCMember::close);
            }
            awaitNoThread();
        }

        private void join() throws Exception {
            String name = "m" + (members.size() + dead.size());
            members.add(STATE_FCMember.quickToSuspect(cluster(), name));
        }

        private String cluster() {
            return "chaos-" + seed;
        }

        private void transfer() throws Exception {
            STATE_FCMember from = any();
            for (STATE_FCMember to : members) {
                if (to == from || !from.sees(to)) {
                    continue;
                }
                int first = sent.getOrDefault(pair(from, to), 0);
                for (int number = first; number < first + BURST; number++) {
                    from.sendBulk(to.address(), number, 1 + random.nextInt(150_000));
                }
                sent.put(pair(from, to), first + BURST);
            }
        }

        private void disturb() throws Exception {
            STATE_FCMember victim = any();
            switch (random.nextInt(10)) {
                case 0 -> kill(victim);
                case 1 -> cutForAWhile(victim);
                case 2 -> join();
                case 3 -> leave(victim);
                case 4, 5 -> cutALinkForAWhile(victim, any());
                case 6 -> victim.stateFc().setEnabled(false);
                case 7 -> victim.stateFc().setEnabled(true);
                case 8 -> victim.stateFc().setCap(20_000 + random.nextInt(1_000_000));
                default -> victim.stateFc().setTargetDelayUs(500 + random.nextInt(5_000));
            }
        }

        /** Gone without a word: its last messages may or may not have left. */
        private void kill(STATE_FCMember victim) throws Exception {
            if (members.size() > 2) {
                victim.cut(true);
                remove(victim);
            }
        }

        private void leave(STATE_FCMember victim) {
            if (members.size() > 2) {
                remove(victim);
                victim.channel().disconnect();
            }
        }

        private void remove(STATE_FCMember victim) {
            members.remove(victim);
            dead.add(victim);
        }

        /** Long enough for the others to exclude it, every other time. */
        private void cutForAWhile(STATE_FCMember victim) {
            victim.cut(true);
            if (random.nextBoolean()) {
                await().atMost(LIMIT)
                        .until(() -> members.stream().allMatch(other -> other == victim || !other.sees(victim)));
            }
            victim.cut(false);
        }

        /**
         * One way or both, until probes are lost if there are any. All that is sent meanwhile has to arrive, unless one
         * of the two was excluded. Not until that: JGroups excludes nobody whom the coordinator hears.
         */
        private void cutALinkForAWhile(STATE_FCMember from, STATE_FCMember to) throws Exception {
            if (from == to) {
                return;
            }
            to.cutFrom(from);
            if (random.nextBoolean()) {
                from.cutFrom(to);
            }
            long lost = from.stateFc().getProbesLost();
            transfer();
            await().atMost(LIMIT).until(() -> somebodyWasExcluded(from, to) || sawTheCut(from, lost));
            to.connectLinks();
            from.connectLinks();
        }

        private static boolean sawTheCut(STATE_FCMember from, long lostBefore) {
            return from.stateFc().getInFlightBytes() == 0 || from.stateFc().getProbesLost() > lostBefore;
        }

        private boolean somebodyWasExcluded(STATE_FCMember from, STATE_FCMember to) {
            return members.stream().anyMatch(each -> !each.sees(from) || !each.sees(to));
        }

        private void settle() {
            awaitOneView();
            await().atMost(LIMIT).untilAsserted(() -> {
                for (STATE_FCMember member : members) {
                    assertThat(member.stateFc().getQueuedBytes()).isZero();
                    assertThat(member.stateFc().getInFlightBytes()).isZero();
                }
            });
        }

        private void awaitOneView() {
            await().atMost(LIMIT).until(() -> members.stream()
                    .allMatch(member -> member.viewSize() == members.size()
                            && members.stream().allMatch(member::sees)));
        }

        private void check() {
            for (STATE_FCMember to : members) {
                for (STATE_FCMember from : members) {
                    if (to != from) {
                        check(from, to);
                    }
                }
                dead.forEach(from -> assertThat(to.receivedFrom(from))
                        .as("%d: from one who is gone", seed)
                        .isSorted()
                        .doesNotHaveDuplicates());
                assertThat(to.spoiled()).as("%d", seed).isEmpty();
                for (STATE_FCMember from : members) {
                    if (!mayHaveLost(from, to)) {
                        await().untilAsserted(() -> assertThat(to.stateFc().unfinishedMessagesFrom(from.address()))
                                .as("%d: half assembled at %s", seed, name(to))
                                .isZero());
                    }
                }
            }
        }

        private void check(STATE_FCMember from, STATE_FCMember to) {
            String pair = pair(from, to);
            int expected = sent.getOrDefault(pair, 0);
            await().atMost(LIMIT).untilAsserted(() -> {
                List<Integer> got = List.copyOf(to.receivedFrom(from));
                assertThat(got).as("%d: %s", seed, pair).isSorted().doesNotHaveDuplicates();
                if (!mayHaveLost(from, to)) {
                    assertThat(got).as("%d: %s", seed, pair).hasSize(expected);
                }
            });
        }

        /** One of them lost sight of the other; a message between them may be lost then, as it may without us. */
        private static boolean mayHaveLost(STATE_FCMember from, STATE_FCMember to) {
            return from.lostSightOf(to) || to.lostSightOf(from);
        }

        private void awaitNoThread() {
            await().atMost(LIMIT).until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.isAlive() && thread.getName().contains(cluster())));
        }

        private STATE_FCMember any() {
            return members.get(random.nextInt(members.size()));
        }

        private static String pair(STATE_FCMember from, STATE_FCMember to) {
            return name(from) + ">" + name(to);
        }

        private static String name(STATE_FCMember member) {
            return member.channel().getName();
        }
    }
}
