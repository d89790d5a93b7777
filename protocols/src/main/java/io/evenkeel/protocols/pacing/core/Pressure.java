package io.evenkeel.protocols.pacing.core;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A member's shortage of processor, quota or heap, as it measures it and as it tells the others.
 *
 * @param sharePercent the share of its time that bulk may use of the member, from {@link #MIN_SHARE_PERCENT} to 100;
 *     100 where nothing is short
 * @param shortages of what there was too little; empty while the share only recovers
 */
public record Pressure(int sharePercent, Set<Shortage> shortages) {
    /** Less is not believed of anybody, so that no transfer takes more than twice its time for it. */
    public static final int MIN_SHARE_PERCENT = (int) (ProcessorShare.FLOOR * 100);

    private static final int FULL_PERCENT = 100;

    /** Nothing is short, or nothing is known. */
    public static final Pressure NONE = new Pressure(FULL_PERCENT, Set.of());

    /** Kinds of shortage, with the bit that stands for each on the wire. */
    public enum Shortage {
        /** Threads wait for a processor. */
        PROCESSOR(1),
        /** A quota throttles the process. */
        QUOTA(2),
        /** The heap is nearly full after a collection, or collected for a large part of the time. */
        HEAP(4);

        private final int bit;

        Shortage(int bit) {
            this.bit = bit;
        }

        /** Sum of the bits of a set. */
        public static int bits(Set<Shortage> shortages) {
            return shortages.stream().mapToInt(each -> each.bit).sum();
        }

        /** The shortages in a sum of bits; a bit that means nothing here is left out. */
        public static Set<Shortage> of(int bits) {
            Set<Shortage> shortages = EnumSet.noneOf(Shortage.class);
            for (Shortage each : values()) {
                if ((bits & each.bit) != 0) {
                    shortages.add(each);
                }
            }
            return shortages;
        }
    }

    /** Limits what a peer may claim. */
    public Pressure {
        sharePercent = Math.max(MIN_SHARE_PERCENT, Math.min(FULL_PERCENT, sharePercent));
        shortages = Set.copyOf(shortages);
    }

    /** True if bulk has to yield. */
    public boolean isShort() {
        return sharePercent < FULL_PERCENT;
    }

    /** For people; empty without one. */
    public String describeShortages() {
        return shortages.stream()
                .sorted()
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** The share that is missing, in percent. */
    public int percent() {
        return FULL_PERCENT - sharePercent;
    }
}
