package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkBudgetTest {
    private final ChunkBudget budget = new ChunkBudget();

    @ParameterizedTest
    @CsvSource({
        "100, 2293",
        "600, 382",
        "1024, 224",
        "100000, 2",
        // Half of the target, and one byte around it.
        "114687, 2",
        "114688, 2",
        "114689, 1",
        "229376, 1",
        "10000000, 1",
        // The most entries, and one byte around it.
        "57, 4024",
        "56, 4096",
        "55, 4096",
        "1, 4096"
    })
    void aChunkIsOfTheTargetSize(int entryBytes, int entries) {
        assertThat(chunks(3, () -> entryBytes))
                .containsExactly(entries * entryBytes, entries * entryBytes, entries * entryBytes);
    }

    /** An array that doubles as it grows is below twice of what is in it, whatever size it began with. */
    @ParameterizedTest
    @ValueSource(ints = {100, 600, 1_024, 4_000, 20_000})
    void noArrayIsHumongousInTheSmallestRegions(int meanBytes) {
        int regionBytes = 1024 * 1024;
        int arrayHeaderBytes = 16;
        Random random = new Random(meanBytes);

        List<Integer> payloads = chunks(1_000, () -> random.nextInt(meanBytes / 2, meanBytes * 3 / 2));

        assertThat(payloads).allMatch(payload -> 2 * payload + arrayHeaderBytes <= regionBytes / 2);
        assertThat(payloads).allMatch(payload -> payload > ChunkBudget.TARGET_BYTES / 2);
    }

    /** As where a cache holds two kinds of things, and those that come later are large. */
    @Test
    void theMeanFollowsWhatComes() {
        assertThat(chunks(1, () -> 100)).allMatch(payload -> payload <= ChunkBudget.TARGET_BYTES);
        for (int i = 0; i < 20; i++) {
            chunks(1, () -> 2_000);
        }

        assertThat(chunks(20, () -> 2_000)).allMatch(payload -> payload < ChunkBudget.HUMONGOUS_PAYLOAD_BYTES * 3 / 2);
    }

    @Test
    void endsOfEmptySegmentsMakeNoChunksOfTheirOwn() {
        budget.addEntry(100_000);
        for (int i = 0; i < 256; i++) {
            budget.addSegmentEnd();
            assertThat(budget.endsChunk()).isFalse();
        }
        budget.addEntry(100_000);
        assertThat(budget.endsChunk()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"100, 200", "600, 1143", "4000, 5333", "8192, 8000", "8193, 16000", "100000, 16000"})
    void oneEntryInEightKilobytesIsMeasured(int entryBytes, int expected) {
        int measured = 0;
        for (int i = 0; i < 16_000; i++) {
            if (budget.wantsSize()) {
                measured++;
                budget.addEntry(entryBytes);
            } else {
                budget.addEntry();
            }
            budget.endsChunk();
        }
        assertThat(measured).isBetween(expected - ChunkBudget.FIRST_MEASURED, expected + ChunkBudget.FIRST_MEASURED);
    }

    /** The bytes that really are in each of the next chunks. */
    private List<Integer> chunks(int count, IntSupplier entryBytes) {
        List<Integer> payloads = new ArrayList<>();
        int payload = 0;
        while (payloads.size() < count) {
            int bytes = entryBytes.getAsInt();
            payload += bytes;
            if (budget.wantsSize()) {
                budget.addEntry(bytes);
            } else {
                budget.addEntry();
            }
            if (budget.endsChunk()) {
                payloads.add(payload);
                payload = 0;
            }
        }
        return payloads;
    }
}
