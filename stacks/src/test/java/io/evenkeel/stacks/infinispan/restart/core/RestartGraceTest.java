package io.evenkeel.stacks.infinispan.restart.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.stacks.infinispan.restart.core.RestartGrace.End;
import io.evenkeel.stacks.infinispan.restart.core.RestartGrace.Over;
import io.evenkeel.stacks.infinispan.restart.core.RestartGrace.Owners;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestartGraceTest {
    private static final long GRACE_MS = 60_000;
    private static final long WINDOW_MS = 120_000;
    private static final Set<String> ABC = Set.of("a", "b", "c");
    private static final Owners<String> SETTLED = new Owners<>(ABC, true, false);

    private final RestartGrace<String> grace = new RestartGrace<>(GRACE_MS, WINDOW_MS);
    private long nowMs = 1_000;

    @BeforeEach
    void threeMembers() {
        grace.view(ABC, false, nowMs);
    }

    @Test
    void holdsWhatAnAnnouncedLeaverLeavesUntilSomebodyJoins() {
        announce("c");
        assertThat(leave("sessions", "c")).isTrue();
        assertThat(leave("logins", "c")).isTrue();
        grace.cachesLeft("c");
        assertThat(view("a", "b")).isNull();
        assertThat(view("a", "b", "c2")).isNull();

        assertThat(grace.cacheJoined("sessions")).contains(new Over<>("c", Set.of("sessions"), End.JOINED, false));
        assertThat(grace.holds("logins")).isTrue();
        assertThat(grace.cacheJoined("logins")).contains(new Over<>("c", Set.of("logins"), End.JOINED, true));
        assertThat(grace.nextTickMs(nowMs)).isEmpty();
    }

    @Test
    void holdsNothingForWhoSaidNothing() {
        assertThat(leave("sessions", "c")).isFalse();
        view("a", "b");
        assertThat(leave("sessions", "c")).isFalse();
        assertThat(grace.departed()).isEmpty();
    }

    @Test
    void holdsWhatIsLeftTwiceOnce() {
        announce("c");
        assertThat(leave("sessions", "c")).isTrue();
        assertThat(leave("logins", "c")).isTrue();
        grace.cacheJoined("sessions");
        assertThat(leave("sessions", "c")).isFalse();
    }

    @Test
    void holdsNothingForWhoIsReplaced() {
        grace.leaveAnnounced("c", false);
        assertThat(leave("sessions", "c")).isFalse();
    }

    @Test
    void whoLeavesGoesOnceItSaysSo() {
        announce("c");
        assertThat(grace.leaving()).containsExactly("c");
        assertThat(grace.going()).isEmpty();

        assertThat(grace.goes("c")).isEmpty();
        assertThat(grace.going()).containsExactly("c");
        assertThat(leave("sessions", "c")).as("held all the same").isTrue();
        view("a", "b");
        assertThat(grace.going()).isEmpty();
    }

    @Test
    void theWordThatSomebodyGoesMayOvertakeItsAnnouncement() {
        grace.goes("c");
        announce("c");
        assertThat(grace.leaving()).containsExactly("c");
        assertThat(grace.going()).containsExactly("c");
        assertThat(leave("sessions", "c")).as("held").isTrue();
        grace.cachesLeft("c");
        view("a", "b");
        view("a", "b", "c2");
        assertThat(grace.expectedBack(nowMs)).as("its return is no surge").isTrue();
    }

    @Test
    void holdsNothingWhereTheLeaverHadTheOnlyCopy() {
        announce("c");
        assertThat(grace.cacheLeft("single", "c", new Owners<>(ABC, true, true), nowMs))
                .isFalse();
        assertThat(leave("sessions", "c")).isTrue();
    }

    @Test
    void holdsNothingWhileARebalanceIsDue() {
        announce("c");
        assertThat(grace.cacheLeft("sessions", "c", new Owners<>(ABC, false, false), nowMs))
                .isFalse();
    }

    @Test
    void holdsNothingWhileAMemberHasYetToJoinTheCache() {
        view("a", "b", "c", "d");
        announce("c");
        assertThat(leave("sessions", "c")).isFalse();
    }

    @Test
    void holdsNothingForTheSecondOfTwo() {
        grace.view(Set.of("a", "b"), false, nowMs);
        announce("b");
        assertThat(grace.cacheLeft("sessions", "b", new Owners<>(Set.of("a", "b"), true, false), nowMs))
                .isFalse();
    }

    @Test
    void isOffWithoutATime() {
        RestartGrace<String> off = new RestartGrace<>(0, WINDOW_MS);
        off.view(ABC, false, nowMs);
        assertThat(off.expectedBack(nowMs)).isFalse();
        off.leaveAnnounced("c", true);
        assertThat(off.cacheLeft("sessions", "c", SETTLED, nowMs)).isFalse();
    }

    @Test
    void isOverWhenAnotherLeaves() {
        begin();
        assertThat(grace.leaveAnnounced("b", true))
                .contains(new Over<>("c", Set.of("sessions"), End.ANOTHER_LEAVES, true));
        assertThat(leave("sessions", "b")).as("alone with a").isFalse();
    }

    @Test
    void holdsForNeitherOfTwoThatLeaveAtOnce() {
        grace.view(Set.of("a", "b", "c", "d"), false, nowMs);
        Owners<String> four = new Owners<>(Set.of("a", "b", "c", "d"), true, false);
        announce("c");
        announce("d");
        assertThat(grace.cacheLeft("sessions", "c", four, nowMs)).isFalse();
        assertThat(grace.cacheLeft("sessions", "d", four, nowMs)).isFalse();
        assertThat(grace.leaving()).containsExactlyInAnyOrder("c", "d");
    }

    @Test
    void isOverWhenSomebodyElseIsGoneWithoutAWord() {
        begin();
        assertThat(view("a").end()).isEqualTo(End.SUSPECTED);
    }

    @Test
    void isOverWhenTheLeaverDiesBeforeItHasLeftAllItsCaches() {
        announce("c");
        assertThat(leave("sessions", "c")).isTrue();
        assertThat(view("a", "b")).isEqualTo(new Over<>("c", Set.of("sessions"), End.SUSPECTED, true));
        assertThat(leave("logins", "c")).isFalse();
        assertThat(grace.departed()).isEmpty();
    }

    @Test
    void whoSaidNothingBeforeHasNotLeftInGoodOrder() {
        grace.cachesLeft("c");
        view("a", "b");
        assertThat(grace.departed()).isEmpty();
    }

    @Test
    void isOverAfterAMerge() {
        begin();
        assertThat(grace.view(Set.of("a", "b", "x"), true, nowMs).orElseThrow().end())
                .isEqualTo(End.MERGED);
    }

    @Test
    void isOverWhenItIsSwitchedByHand() {
        begin();
        assertThat(grace.switched("sessions").orElseThrow().end()).isEqualTo(End.SWITCHED);
        assertThat(grace.holds("sessions")).isFalse();
    }

    @Test
    void isOverWhenTheTimeIsUp() {
        begin();
        assertThat(grace.nextTickMs(nowMs)).contains(GRACE_MS);
        assertThat(grace.tick(nowMs + GRACE_MS - 1)).isEmpty();
        assertThat(grace.tick(nowMs + GRACE_MS).orElseThrow().end()).isEqualTo(End.TIME_UP);
        assertThat(grace.tick(nowMs + GRACE_MS + 1)).isEmpty();
    }

    @Test
    void whoHasComeGetsTimeToStartItsCachesOnce() {
        begin();
        nowMs += GRACE_MS - 1;
        view("a", "b", "c2");
        assertThat(grace.nextTickMs(nowMs)).contains(GRACE_MS);
        nowMs += GRACE_MS - 1;
        view("a", "b", "c2", "d");
        assertThat(grace.nextTickMs(nowMs)).contains(1L);
    }

    @Test
    void aNewCoordinatorKnowsOfTheOneThatLeft() {
        announce("a");
        grace.cachesLeft("a");
        view("b", "c");
        assertThat(grace.departed()).contains("a");
        assertThat(leave("sessions", "a")).isTrue();
    }

    @Test
    void aCoordinatorThatDiesLeavesNoGraceBehind() {
        announce("c");
        grace.cachesLeft("c");
        view("a", "b");
        view("b");
        assertThat(grace.departed()).isEmpty();
    }

    @Test
    void aJoinThatFilledNoGapMeansThatALeaverIsReplaced() {
        nowMs += WINDOW_MS;
        view("a", "b", "c", "d");
        assertThat(grace.expectedBack(nowMs)).isFalse();
        assertThat(grace.expectedBack(nowMs + WINDOW_MS)).isFalse();
        assertThat(grace.expectedBack(nowMs + WINDOW_MS + 1)).isTrue();
    }

    @Test
    void theLeaveAfterASurgeUsesItUp() {
        nowMs += WINDOW_MS;
        view("a", "b", "c", "d");
        grace.leaveAnnounced("c", false);
        view("a", "b", "d");
        assertThat(grace.expectedBack(nowMs)).isTrue();
    }

    @Test
    void aRestartedMemberIsNoSurge() {
        nowMs += WINDOW_MS;
        announce("c");
        grace.cachesLeft("c");
        view("a", "b");
        view("a", "b", "c2");
        assertThat(grace.expectedBack(nowMs)).isTrue();
    }

    @Test
    void aClusterThatFormsIsNoSurge() {
        nowMs += WINDOW_MS - 1;
        view("a", "b", "c", "d");
        assertThat(grace.expectedBack(nowMs)).isTrue();
    }

    private void begin() {
        announce("c");
        assertThat(leave("sessions", "c")).isTrue();
        grace.cachesLeft("c");
        assertThat(view("a", "b")).isNull();
    }

    private void announce(String member) {
        grace.leaveAnnounced(member, true);
    }

    private boolean leave(String cache, String member) {
        return grace.cacheLeft(cache, member, SETTLED, nowMs);
    }

    private Over<String> view(String... members) {
        return grace.view(Set.of(members), false, nowMs).orElse(null);
    }
}
