package io.evenkeel.it.bench.grid;

import java.util.List;

/**
 * What all nodes of a grid have in common.
 *
 * @param caches how many distributed caches, named c0, c1 and so on
 * @param owners how many nodes hold an entry
 * @param chunkEntries how many entries travel in a chunk of state; Infinispan's own default is 512
 */
public record GridSpec(int caches, int owners, int chunkEntries) {
    List<String> encode() {
        return List.of(Integer.toString(caches), Integer.toString(owners), Integer.toString(chunkEntries));
    }

    static GridSpec decode(List<String> words) {
        return new GridSpec(
                Integer.parseInt(words.get(0)), Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)));
    }
}
