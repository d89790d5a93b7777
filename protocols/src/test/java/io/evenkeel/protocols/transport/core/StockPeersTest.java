package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.evenkeel.protocols.transport.core.StockPeers.Alpn;
import io.evenkeel.protocols.transport.core.StockPeers.Claimed;
import io.evenkeel.protocols.transport.core.StockPeers.Dialling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StockPeersTest {
    private static final short VERSION_5_5_5 = (short) (5 << 11 | 5 << 6 | 5);
    private static final short VERSION_5_5_7 = (short) (5 << 11 | 5 << 6 | 7);
    private static final short VERSION_5_4_5 = (short) (5 << 11 | 4 << 6 | 5);

    @ParameterizedTest
    @CsvSource({
        "false, false, false, OWN_ONLY",
        "false, false, true, OWN_ONLY",
        "false, true, true, OWN_ONLY",
        "true, false, false, OWN_FIRST",
        "true, false, true, STOCK_FIRST",
        "true, true, false, OWN_ONLY",
        "true, true, true, OWN_ONLY"
    })
    void whoSpeaksTheOwnFramingIsDialledInNoOther(boolean accepts, boolean own, boolean stock, Dialling dialling) {
        assertThat(StockPeers.dialling(accepts, own, stock)).isEqualTo(dialling);
    }

    @ParameterizedTest
    @CsvSource({
        "OWN_ONLY, NO_TLS, OWN",
        "OWN_ONLY, OWN, OWN",
        "OWN_ONLY, ABSENT, OWN",
        "OWN_FIRST, NO_TLS, OWN",
        "OWN_FIRST, OWN, OWN",
        "OWN_FIRST, ABSENT, STOCK",
        "STOCK_FIRST, NO_TLS, STOCK",
        "STOCK_FIRST, OWN, OWN",
        "STOCK_FIRST, ABSENT, STOCK"
    })
    void tlsHasTheLastWord(Dialling dialling, Alpn alpn, Framing framing) {
        assertThat(StockPeers.dialled(dialling, alpn)).isEqualTo(framing);
    }

    @ParameterizedTest
    @CsvSource({
        "false, NO_TLS, false",
        "false, ABSENT, false",
        "false, OWN, false",
        "true, NO_TLS, true",
        "true, ABSENT, true",
        "true, OWN, false"
    })
    void theAcceptingSideSpeaksFirstUnlessThePeerMayNotUnderstand(boolean accepts, Alpn alpn, boolean listens) {
        assertThat(StockPeers.listensFirst(accepts, alpn)).isEqualTo(listens);
    }

    private static Optional<Reason> judged(short version, Alpn alpn) {
        StockGreeting greeting =
                new StockGreeting(version, new InetSocketAddress(InetAddress.getLoopbackAddress(), 7800));
        return StockPeers.judge(greeting, VERSION_5_5_5, alpn).map(Refusal::reason);
    }

    @Test
    void theMinorVersionHasToBeTheSame() {
        assertThat(judged(VERSION_5_5_7, Alpn.ABSENT)).isEmpty();
        assertThat(judged(VERSION_5_5_7, Alpn.NO_TLS)).isEmpty();
        assertThat(judged(VERSION_5_4_5, Alpn.ABSENT)).contains(Reason.STOCK_PEER);
    }

    @Test
    void whoHasAgreedOnTheOwnFramingCannotGoBack() {
        assertThat(judged(VERSION_5_5_5, Alpn.OWN)).contains(Reason.BAD_FRAME);
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, true, ADDRESS_TAKEN",
        "false, true, false, true, ADDRESS_TAKEN",
        "false, true, true, true, ADDRESS_TAKEN",
        "false, false, true, false, ADDRESS_UNPROVEN",
        "false, false, true, true,",
        "false, false, false, false,",
        "false, false, false, true,"
    })
    void anAddressOfOursIsNeverGivenAwayAndAMembersOnlyToItsHost(
            boolean here, boolean own, boolean member, boolean fromThere, Reason reason) {
        assertThat(StockPeers.judge("1.2.3.4:7800", new Claimed(here, own, member, fromThere))
                        .map(Refusal::reason))
                .isEqualTo(Optional.ofNullable(reason));
    }
}
