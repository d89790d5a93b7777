package io.evenkeel.it.bench.grid;

import java.util.List;

/**
 * The settings that all nodes of a grid have in common.
 *
 * @param caches how many distributed caches, named c0, c1 and so on
 * @param owners how many nodes hold an entry
 * @param chunkEntries the chunk-size in entries; 0 for none, which leaves the choice to the pack, or to Infinispan
 *     without it
 * @param easesRestarts whether the pack may ease restarts: it is on the class path of every node, on a stock stack as
 *     well
 */
public record GridSpec(int caches, int owners, int chunkEntries, CacheStart start, boolean easesRestarts) {
    List<String> encode() {
        return List.of(
                Integer.toString(caches),
                Integer.toString(owners),
                Integer.toString(chunkEntries),
                start.name(),
                Boolean.toString(easesRestarts));
    }

    static GridSpec decode(List<String> words) {
        return new GridSpec(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                CacheStart.valueOf(words.get(3)),
                Boolean.parseBoolean(words.get(4)));
    }
}
