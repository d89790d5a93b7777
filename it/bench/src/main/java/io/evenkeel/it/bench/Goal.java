package io.evenkeel.it.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The goal of a case, judged on the medians. */
public interface Goal {
    /** As it stands in the table. */
    String text();

    boolean met(double stock, double evenkeel);

    /** For what is better when it is smaller: at most that many times the stock value. */
    static Goal atMostTimesStock(double factor) {
        return new Bound(String.format(Locale.ROOT, "<= %.2f x stock", factor), (stock, own) -> own <= factor * stock);
    }

    /** For what is better when it is larger: at least that many times the stock value. */
    static Goal atLeastTimesStock(double factor) {
        return new Bound(String.format(Locale.ROOT, ">= %.2f x stock", factor), (stock, own) -> own >= factor * stock);
    }

    /** At most that, in the unit of the case, whatever stock does. */
    static Goal atMost(double bound) {
        return new Bound(String.format(Locale.ROOT, "<= %s", BenchResult.number(bound)), (stock, own) -> own <= bound);
    }

    /** At most what a third one has, in the unit of the case, whatever stock does. */
    static Goal atMostOf(String whose, double bound) {
        return new Bound("<= " + whose, (stock, own) -> own <= bound);
    }

    /** Less than a third one has, in the unit of the case, whatever stock does. */
    static Goal below(String whose, double bound) {
        return new Bound("< " + whose, (stock, own) -> own < bound);
    }

    /** Both. */
    default Goal and(Goal other) {
        if (!judges()) {
            return other;
        }
        return other.judges()
                ? new Bound(text() + " and " + other.text(), (stock, own) -> met(stock, own) && other.met(stock, own))
                : this;
    }

    /**
     * This, and none of stock's smaller chunk-sizes better than Evenkeel: for what is better when it is smaller.
     *
     * @param values of a contender; empty if it was not measured
     */
    default Goal andNoChunkSizeBetter(Function<Contender, List<Double>> values) {
        Goal all = this;
        for (Contender contender : List.of(Contender.CHUNK_64, Contender.CHUNK_16)) {
            List<Double> measured = values.apply(contender);
            if (!measured.isEmpty()) {
                all = all.and(atMostOf(contender.label(), BenchResult.median(measured)));
            }
        }
        return all;
    }

    /** At least that, in the unit of the case, whatever stock does. */
    static Goal atLeast(double bound) {
        return new Bound(String.format(Locale.ROOT, ">= %s", BenchResult.number(bound)), (stock, own) -> own >= bound);
    }

    /** For what is reported only: no judgement. */
    static Goal none() {
        return new Bound("-", (stock, own) -> true);
    }

    /** True if there is anything to judge. */
    default boolean judges() {
        return !"-".equals(text());
    }

    /** The judgement of a {@link Bound}. */
    @FunctionalInterface
    interface Judgement {
        boolean met(double stock, double evenkeel);
    }

    /** A goal from a text and a judgement. */
    record Bound(String text, Judgement judgement) implements Goal {
        @Override
        public boolean met(double stock, double evenkeel) {
            return judgement.met(stock, evenkeel);
        }
    }
}
