package io.evenkeel.protocols.search.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FoundingDecisionTest {
    private static final long MIN_MS = 2000;
    private static final long MAX_MS = 30_000;
    private static final long OWN = 1;
    private static final long BEGIN_NS = Long.MAX_VALUE - 5;
    private static final String HOST = "192.0.2.1:7800";
    private static final String OTHER = "192.0.2.2:7800";

    private final FoundingDecision decision = new FoundingDecision(MIN_MS, MAX_MS, OWN, BEGIN_NS);

    @BeforeEach
    void firstRun() {
        decision.add(HOST);
    }

    private static long at(long ms) {
        return BEGIN_NS + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private boolean mayFoundAt(long ms) {
        return decision.mayFound(0, at(ms));
    }

    @Test
    void whereNobodyListensTheLeastWaitIsEnough() {
        decision.requested();
        decision.closed(HOST);
        assertThat(mayFoundAt(MIN_MS - 1)).isFalse();
        assertThat(mayFoundAt(MIN_MS)).isTrue();
        assertThat(decision.open(0)).isEmpty();
    }

    @Test
    void beforeTheFirstRunNobodyKnowsWhomToWaitFor() {
        decision.closed(HOST);
        assertThat(mayFoundAt(MAX_MS - 1)).isFalse();
        decision.requested();
        assertThat(mayFoundAt(MAX_MS - 1)).isTrue();
    }

    @Test
    void whatIsOpenHoldsTheFoundingUpButNotForEver() {
        decision.requested();
        assertThat(mayFoundAt(MAX_MS - 1)).isFalse();
        decision.late(HOST, "no introduction within 5000 ms", at(MIN_MS));
        assertThat(mayFoundAt(MAX_MS - 1)).isFalse();
        assertThat(decision.open(0)).containsExactly(HOST + ": no introduction within 5000 ms");
        assertThat(mayFoundAt(MAX_MS)).isTrue();
    }

    @Test
    void aProcessThatAnswersIsWaitedForUntilItsResponseIsThere() {
        decision.requested();
        decision.alive(HOST, 7, at(100));
        assertThat(decision.mayFound(0, at(MAX_MS - 1))).isFalse();
        assertThat(decision.mayFound(1, at(MIN_MS))).isTrue();

        decision.add(OTHER);
        decision.alive(OTHER, 8, at(100));
        assertThat(decision.open(1)).hasSize(2);
        assertThat(decision.mayFound(2, at(MIN_MS))).isTrue();
    }

    @Test
    void oneProcessAtTwoAddressesRespondsOnceAndThisMemberNever() {
        decision.requested();
        decision.add(OTHER);
        decision.alive(HOST, 7, at(100));
        decision.alive(OTHER, 7, at(100));
        assertThat(decision.mayFound(0, at(MIN_MS))).isFalse();
        assertThat(decision.mayFound(1, at(MIN_MS))).isTrue();

        decision.alive(HOST, OWN, at(100));
        decision.alive(OTHER, OWN, at(100));
        assertThat(decision.mayFound(0, at(MIN_MS))).isTrue();
    }

    @Test
    void anAddressIsAskedOnceAtATimeAgainWhileItIsOpenAndNeverOnceItIsClosed() {
        assertThat(decision.due(at(0))).containsExactly(HOST);
        decision.add(HOST);
        assertThat(decision.due(at(MAX_MS))).isEmpty();

        decision.late(HOST, "late", at(100));
        assertThat(decision.due(at(100 + FoundingDecision.ASK_AGAIN_MS - 1))).isEmpty();
        assertThat(decision.due(at(100 + FoundingDecision.ASK_AGAIN_MS))).containsExactly(HOST);

        decision.closed(HOST);
        assertThat(decision.due(at(MAX_MS))).isEmpty();
    }

    @Test
    void whoeverDiesWhileItIsWaitedForIsWaitedForNoLonger() {
        decision.requested();
        decision.due(at(0));
        decision.alive(HOST, 7, at(100));
        decision.due(at(100 + FoundingDecision.ASK_AGAIN_MS));
        decision.closed(HOST);
        assertThat(decision.mayFound(0, at(MIN_MS))).isTrue();
    }
}
