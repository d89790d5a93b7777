package io.evenkeel.it.bench.grid;

import java.util.List;

/**
 * Requests at a steady rate.
 *
 * @param ratePerS of one node
 * @param putPercent how many of a hundred requests are puts; the rest are gets
 * @param keys 0 up to this one, in each cache
 * @param bytes of a value
 */
public record GridLoad(int ratePerS, int putPercent, int keys, int bytes) {
    List<Object> words() {
        return List.of(ratePerS, putPercent, keys, bytes);
    }

    static GridLoad decode(List<String> words) {
        return new GridLoad(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                Integer.parseInt(words.get(3)));
    }
}
