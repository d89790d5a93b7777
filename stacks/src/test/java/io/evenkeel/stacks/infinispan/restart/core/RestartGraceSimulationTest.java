package io.evenkeel.stacks.infinispan.restart.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.stacks.infinispan.restart.core.RestartGrace.Over;
import io.evenkeel.stacks.infinispan.restart.core.RestartGrace.Owners;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Clusters in which members leave, die, join, split and merge at random, each step of a leave and of a join on its own.
 *
 * <p>The switches of the caches are kept as Infinispan keeps them: in the coordinator, and on in a new one. After each
 * step a cache may be held for one member only, which has announced its leave and has not died in it, while two others
 * are there, nobody has died or announced a leave since, and nobody waits for the state of the cache; in the end every
 * switch is on.
 */
class RestartGraceSimulationTest {
    private static final int SEEDS = Integer.getInteger("evenkeel.sim.rounds", 2_000);
    private static final int STEPS = 200;
    private static final long GRACE_MS = 60_000;
    private static final List<String> CACHES = List.of("logins", "sessions", "work");

    @TestFactory
    List<DynamicTest> neverHoldsLongerThanItMay() {
        return LongStream.rangeClosed(1, SEEDS / 100)
                .mapToObj(hundred -> DynamicTest.dynamicTest("seeds from " + hundred * 100, () -> {
                    int holds = 0;
                    for (long seed = hundred * 100; seed < hundred * 100 + 100; seed++) {
                        holds += new Cluster(seed).play();
                    }
                    assertThat(holds).isPositive();
                }))
                .toList();
    }

    private static final class Member {
        final String name;
        final RestartGrace<String> grace = new RestartGrace<>(GRACE_MS, 2 * GRACE_MS);
        final Set<String> joined = new TreeSet<>();
        /** As coordinator: caches whose rebalancing is off. */
        final Set<String> off = new TreeSet<>();

        boolean leaves;
        /** It has told that it has left all of its caches. */
        boolean hasLeft;

        Member(String name) {
            this.name = name;
        }
    }

    private static final class Cluster {
        final long seed;
        final Random random;
        final List<Member> members = new ArrayList<>();
        final List<String> story = new ArrayList<>();
        /**
         * By cache, members whose state of it is complete; the second copies of a leaver's share are due while it is
         * held.
         */
        final Map<String, Set<String>> owners = new HashMap<>();

        final Map<String, Boolean> due = new HashMap<>();
        long nowMs;
        int born;
        int holds;
        /** Held by now, for whom, and whether that is still right. */
        String heldFor;

        Cluster(long seed) {
            this.seed = seed;
            random = new Random(seed);
            CACHES.forEach(cache -> owners.put(cache, new TreeSet<>()));
        }

        int play() {
            try {
                for (int i = 0; i < 3 + random.nextInt(3); i++) {
                    join();
                    CACHES.forEach(this::joinCache);
                }
                for (int step = 0; step < STEPS; step++) {
                    step();
                    check();
                }
                pass(3 * GRACE_MS);
                assertThat(coordinator().off).isEmpty();
                for (Member member : members) {
                    assertThat(member.grace.nextTickMs(nowMs)).isEmpty();
                }
                return holds;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + story, e);
            }
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0 -> announce();
                case 1, 2, 3 -> leaveOneCache();
                case 4 -> depart();
                case 5 -> die();
                case 6 -> join();
                case 7, 8, 9 -> joinCache(CACHES.get(random.nextInt(CACHES.size())));
                case 10 -> rebalanceEnds();
                default -> pass(random.nextInt((int) GRACE_MS));
            }
        }

        Member coordinator() {
            return members.get(0);
        }

        Set<String> names() {
            Set<String> names = new HashSet<>();
            members.forEach(member -> names.add(member.name));
            return names;
        }

        void announce() {
            Member member = members.get(random.nextInt(members.size()));
            if (member.leaves || members.size() < 2) {
                return;
            }
            story.add("announce " + member.name);
            member.leaves = true;
            boolean back = member.grace.expectedBack(nowMs);
            heldFor = null;
            members.forEach(each -> apply(each, each.grace.leaveAnnounced(member.name, back)));
            assertThat(coordinator().off).isEmpty();
        }

        void leaveOneCache() {
            members.stream()
                    .filter(member -> member.leaves && !member.joined.isEmpty())
                    .findAny()
                    .ifPresent(member -> {
                        String cache = member.joined.iterator().next();
                        story.add(member.name + " leaves " + cache);
                        members.forEach(each -> apply(each, each.grace.goes(member.name)));
                        member.joined.remove(cache);
                        hold(coordinator(), cache, member.name);
                        owners.get(cache).remove(member.name);
                    });
        }

        void hold(Member coordinator, String cache, String leaver) {
            boolean settled = !due.getOrDefault(cache, false);
            boolean sole = random.nextInt(10) == 0;
            if (coordinator.grace.cacheLeft(
                    cache, leaver, new Owners<>(new HashSet<>(owners.get(cache)), settled, sole), nowMs)) {
                assertThat(sole).isFalse();
                assertThat(settled).isTrue();
                assertThat(names()).hasSizeGreaterThanOrEqualTo(names().contains(leaver) ? 3 : 2);
                coordinator.off.add(cache);
                heldFor = leaver;
                holds++;
            }
        }

        void depart() {
            members.stream()
                    .filter(member -> member.leaves && member.joined.isEmpty())
                    .findAny()
                    .ifPresent(member -> {
                        if (!member.hasLeft) {
                            story.add(member.name + " has left its caches");
                            member.hasLeft = true;
                            members.forEach(each -> each.grace.cachesLeft(member.name));
                        } else if (members.size() > 1) {
                            story.add(member.name + " departs");
                            remove(member);
                        }
                    });
        }

        void die() {
            if (members.size() > 1 && random.nextInt(4) == 0) {
                Member member = members.get(random.nextInt(members.size()));
                story.add(member.name + " dies");
                remove(member);
            }
        }

        void remove(Member member) {
            boolean coordinates = member == coordinator();
            boolean inGoodOrder = member.hasLeft;
            members.remove(member);
            CACHES.forEach(cache -> owners.get(cache).remove(member.name));
            if (!inGoodOrder) {
                heldFor = null;
            }
            viewChanged(false);
            if (coordinates) {
                recover(inGoodOrder);
            }
        }

        /** As Infinispan does: every cache is on, but what is to be held is turned off first. */
        void recover(boolean inGoodOrder) {
            Member next = coordinator();
            next.off.clear();
            Optional<String> departed = next.grace.departed();
            if (!inGoodOrder) {
                assertThat(departed).as("of who has died").isEmpty();
            }
            departed.ifPresent(leaver -> CACHES.forEach(cache -> hold(next, cache, leaver)));
        }

        void viewChanged(boolean merge) {
            members.forEach(member -> apply(member, member.grace.view(names(), merge, nowMs)));
        }

        void join() {
            if (members.size() < 6) {
                Member member = new Member("m" + born++);
                story.add("join " + member.name);
                members.add(member);
                viewChanged(random.nextInt(20) == 0);
            }
        }

        void joinCache(String cache) {
            members.stream()
                    .filter(member -> !member.leaves && !owners.get(cache).contains(member.name))
                    .findAny()
                    .ifPresent(member -> {
                        story.add(member.name + " joins " + cache);
                        member.joined.add(cache);
                        owners.get(cache).add(member.name);
                        due.put(cache, true);
                        apply(coordinator(), coordinator().grace.cacheJoined(cache));
                        assertThat(coordinator().off)
                                .as("what a joiner waits for")
                                .doesNotContain(cache);
                    });
        }

        void rebalanceEnds() {
            CACHES.stream().filter(cache -> !coordinator().off.contains(cache)).forEach(cache -> due.put(cache, false));
        }

        void pass(long ms) {
            nowMs += ms;
            members.forEach(member -> apply(member, member.grace.tick(nowMs)));
        }

        void apply(Member member, Optional<Over<String>> over) {
            over.ifPresent(some -> {
                assertThat(some.caches()).isNotEmpty();
                member.off.removeAll(some.caches());
            });
        }

        void check() {
            Member coordinator = coordinator();
            for (String cache : CACHES) {
                assertThat(coordinator.grace.holds(cache))
                        .as("switch of " + cache)
                        .isEqualTo(coordinator.off.contains(cache));
            }
            if (!coordinator.off.isEmpty()) {
                assertThat(heldFor).as("held for").isNotNull();
                assertThat(coordinator.grace.nextTickMs(nowMs).orElseThrow()).isLessThanOrEqualTo(GRACE_MS);
            }
        }
    }
}
