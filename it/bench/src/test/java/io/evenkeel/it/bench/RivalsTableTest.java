package io.evenkeel.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RivalsTableTest {
    private static final List<String> RIVALS = List.of("stock", "small", "evenkeel");

    private static RivalsResult join() {
        Map<String, List<Double>> samples = new LinkedHashMap<>();
        samples.put("stock", List.of(14.0, 16.0, 15.0));
        samples.put("small", List.of(20.0));
        samples.put("evenkeel", List.of(15.0, 15.6));
        return RivalsResult.of(new BenchCase("join", "s", Goal.atMostTimesStock(1.05)), samples);
    }

    private static RivalsResult skipped() {
        return RivalsResult.notMeasured("leave", "it needs root");
    }

    @Test
    void aColumnForEachRival() {
        RivalsTable table = new RivalsTable(RIVALS, List.of(join(), skipped()));
        assertThat(table.lines())
                .containsExactly(
                        "NAME   UNIT  STOCK             SMALL             EVENKEEL          RATIO  GOAL            "
                                + " MET",
                        "join   s     15.0 (14.0-16.0)  20.0 (20.0-20.0)  15.3 (15.0-15.6)  1.02   <= 1.05 x stock "
                                + " met",
                        "leave  -     -                 -                 -                 -      -               "
                                + " not measured",
                        "leave: it needs root");
        assertThat(table.complete()).isFalse();
        assertThat(new RivalsTable(RIVALS, List.of(join())).complete()).isTrue();
    }

    @Test
    void theJsonHasTheCommonKeysAndTheRivals() throws Exception {
        JsonNode row = new ObjectMapper()
                .readTree(new RivalsTable(RIVALS, List.of(join())).json())
                .get(0);
        assertThat(row.fieldNames())
                .toIterable()
                .containsExactly("name", "unit", "stock", "evenkeel", "ratio", "goal", "met", "rivals");
        assertThat(row.get("rivals").get("small").get("median").asDouble()).isEqualTo(20);
        assertThat(row.get("rivals").get("stock").get("min").asDouble()).isEqualTo(14);
        assertThat(row.get("rivals").get("stock").get("rounds")).hasSize(3);
    }

    @Test
    void goalsOfTwoPartsAndBesideAThird() {
        Goal both = Goal.atMostTimesStock(1.1).and(Goal.atMost(10));
        assertThat(both.met(9.5, 10)).isTrue();
        assertThat(both.met(9, 10)).isFalse();
        assertThat(both.met(20, 10.1)).isFalse();
        assertThat(Goal.none().and(both)).isEqualTo(both);
        assertThat(both.and(Goal.none())).isEqualTo(both);
        assertThat(Goal.none().and(Goal.none()).judges()).isFalse();
        Goal below = Goal.below("small", 4.7);
        assertThat(below.text()).isEqualTo("< small");
        assertThat(below.met(0, 4.69)).isTrue();
        assertThat(below.met(0, 4.7)).isFalse();
    }
}
