package io.evenkeel.protocols.transport.core;

import java.util.Optional;

/**
 * Decides about peers that may be on JGroups' TCP: in which framing to speak with one, and whether to believe a
 * greeting.
 *
 * <p>TLS tells: members of this kind offer and choose a protocol by ALPN (RFC 7301), which JGroups' TCP does not know
 * and which no middlebox can remove. In clear the dialling side speaks first, and a side that does not know its framing
 * closes the connection without a word.
 *
 * <p>A process that has said HELLO is never spoken to in the other framing. As long as it is connected or a member,
 * only a HELLO is believed for its address.
 */
public final class StockPeers {
    private StockPeers() {}

    /** The framings in which a peer may be dialled. */
    public enum Dialling {
        OWN_ONLY,
        /** Either, and without other evidence the own one. */
        OWN_FIRST,
        /** Either, and without other evidence stock's. */
        STOCK_FIRST
    }

    /** The evidence of a TLS handshake. */
    public enum Alpn {
        /** The connection is in clear. */
        NO_TLS,
        /** Both sides know the own framing. */
        OWN,
        /** The peer does not. */
        ABSENT
    }

    /**
     * The framings in which an address may be dialled.
     *
     * @param accepts whether this member takes peers on JGroups' TCP
     * @param own whether the process there is known to speak the own framing
     * @param stock whether the last evidence is that it does not
     */
    public static Dialling dialling(boolean accepts, boolean own, boolean stock) {
        if (!accepts || own) {
            return Dialling.OWN_ONLY;
        }
        return stock ? Dialling.STOCK_FIRST : Dialling.OWN_FIRST;
    }

    /** The framing of the dialling side. */
    public static Framing dialled(Dialling dialling, Alpn alpn) {
        boolean stock =
                switch (alpn) {
                    case OWN -> false;
                    case ABSENT -> dialling != Dialling.OWN_ONLY;
                    case NO_TLS -> dialling == Dialling.STOCK_FIRST;
                };
        return stock ? Framing.STOCK : Framing.OWN;
    }

    /** True if the accepting side has to see the peer's first bytes before it says anything. */
    public static boolean listensFirst(boolean accepts, Alpn alpn) {
        return accepts && alpn != Alpn.OWN;
    }

    /**
     * The verdict on an incoming greeting; empty to go on.
     *
     * @param version of JGroups here
     * @param alpn the evidence of its connection
     */
    public static Optional<Refusal> judge(StockGreeting greeting, short version, Alpn alpn) {
        if (alpn == Alpn.OWN) {
            return Optional.of(new Refusal(
                    Refusal.Reason.BAD_FRAME, "it has agreed on Evenkeel's framing and speaks that of JGroups' TCP"));
        }
        if (!greeting.isCompatible(version)) {
            return Optional.of(new Refusal(
                    Refusal.Reason.STOCK_PEER,
                    "it runs JGroups " + StockGreeting.print(greeting.version()) + ", this member JGroups "
                            + StockGreeting.print(version)));
        }
        return Optional.empty();
    }

    /**
     * The facts about an address that a greeting claims.
     *
     * @param here whether this member announces it
     * @param own whether a process that has said HELLO is connected there, or a member
     * @param member whether a member has it
     * @param fromThere whether the connection comes from its host
     */
    public record Claimed(boolean here, boolean own, boolean member, boolean fromThere) {}

    /**
     * Judges the address that a greeting claims; empty to take the connection. Nobody can be asked there: so a member's
     * address is given only to a connection from that member's host, which is more than JGroups' TCP asks for.
     *
     * @param address in words
     */
    public static Optional<Refusal> judge(String address, Claimed claimed) {
        String claim = "it claims " + address + " in the framing of JGroups' TCP";
        if (claimed.here || claimed.own) {
            return Optional.of(
                    new Refusal(Refusal.Reason.ADDRESS_TAKEN, claim + ", and the process there speaks Evenkeel's"));
        }
        if (claimed.member && !claimed.fromThere) {
            return Optional.of(new Refusal(
                    Refusal.Reason.ADDRESS_UNPROVEN, claim + ", which is a member's, and comes from another host"));
        }
        return Optional.empty();
    }
}
