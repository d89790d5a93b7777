package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.ns;
import static io.evenkeel.protocols.lease.CoreFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerProbesTest {
    private static final ProbeVerdict REFUSED = new ProbeVerdict(ProbeVerdict.Kind.REFUSED, "refused");
    private final PeerProbes book = new PeerProbes();

    @Test
    void anAnswerIsGoodForASecond() {
        LeaseRow row = row("a", 1, 0);
        assertThat(book.due(row, 0)).isTrue();
        book.asked(row, 0);
        assertThat(book.due(row, ns(60_000))).isFalse();
        book.answered(row, REFUSED, ns(500));
        assertThat(book.verdict(row)).isEqualTo(REFUSED);
        assertThat(book.due(row, ns(1500) - 1)).isFalse();
        assertThat(book.due(row, ns(1500))).isTrue();
        assertThat(book.due(row, ns(1500) + 1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void anOldAnswerSaysNothing(long pastNs, boolean known) {
        LeaseRow row = row("a", 1, 0);
        book.asked(row, 0);
        book.answered(row, REFUSED, 0);
        book.forgetOld(ns(PeerProbes.GOOD_FOR_MS) + pastNs);
        assertThat(book.verdict(row)).isEqualTo(known ? REFUSED : ProbeVerdict.UNASKED);
    }

    @Test
    void whatIsBeingAskedAgainIsKept() {
        LeaseRow row = row("a", 1, 0);
        book.asked(row, 0);
        book.answered(row, REFUSED, 0);
        book.asked(row, ns(PeerProbes.GOOD_FOR_MS));
        book.forgetOld(ns(10 * PeerProbes.GOOD_FOR_MS));
        assertThat(book.verdict(row)).isEqualTo(REFUSED);
    }

    @Test
    void anotherIncarnationIsAskedAnew() {
        LeaseRow old = row("a", 1, 0);
        book.asked(old, 0);
        book.answered(old, REFUSED, 0);
        LeaseRow restarted = new LeaseRow(new LeaseIdentity("keel", "a", "n", "p", 2), false, "", 0, 1, 0, 1, 1);
        assertThat(book.due(restarted, 0)).isTrue();
        assertThat(book.verdict(restarted)).isEqualTo(ProbeVerdict.UNASKED);
        book.asked(restarted, 0);
        book.answered(old, REFUSED, 0);
        assertThat(book.verdict(restarted)).isEqualTo(ProbeVerdict.UNASKED);
    }

    @Test
    void questionsUnderWayAreBounded() {
        for (int i = 0; i < PeerProbes.MAX_PENDING; i++) {
            assertThat(book.due(row("m" + i, 1, 0), 0)).isTrue();
            book.asked(row("m" + i, 1, 0), 0);
        }
        assertThat(book.due(row("x", 1, 0), 0)).isFalse();
        book.answered(row("m0", 1, 0), REFUSED, 0);
        assertThat(book.due(row("x", 1, 0), 0)).isTrue();
        book.asked(row("x", 1, 0), 0);
        assertThat(book.due(row("y", 1, 0), 0)).isFalse();
        book.retain(Set.of("x"));
        assertThat(book.due(row("y", 1, 0), 0)).isTrue();
    }
}
