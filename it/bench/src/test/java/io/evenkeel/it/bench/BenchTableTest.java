package io.evenkeel.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchTableTest {
    private static final List<String> CONTENDERS = List.of("stock", "small", "evenkeel");
    private static final BenchResult FASTER = new BenchResult(
            new BenchCase("start", "ms", Goal.atMostTimesStock(1.0)),
            List.of(400.0, 500.0, 450.0),
            List.of(90.0, 80.0));
    private static final BenchResult SLOWER = new BenchResult(
            new BenchCase("rate", "1/s", Goal.atLeastTimesStock(1.35)), List.of(1000.0), List.of(1349.0));

    @Test
    void aRowACaseThenTheSpread() {
        assertThat(new BenchTable(List.of(FASTER, SLOWER)).lines())
                .containsExactly(
                        "NAME   UNIT  STOCK  EVENKEEL  RATIO  GOAL             MET",
                        "start  ms    450    85.0      0.19   <= 1.00 x stock  met",
                        "rate   1/s   1000   1349      1.35   >= 1.35 x stock  missed",
                        "",
                        "min-max [each round] of start (ms): stock 400-500 [400 500 450], evenkeel 80.0-90.0 [90.0"
                                + " 80.0]",
                        "min-max [each round] of rate (1/s): stock 1000-1000 [1000], evenkeel 1349-1349 [1349]");
    }

    @Test
    void theJsonHasExactlyTheAgreedKeys() throws Exception {
        JsonNode rows = new ObjectMapper().readTree(new BenchTable(List.of(FASTER, SLOWER)).json());
        assertThat(rows.isArray()).isTrue();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).fieldNames())
                .toIterable()
                .containsExactly("name", "unit", "stock", "evenkeel", "ratio", "goal", "met");
        assertThat(rows.get(0).get("stock").asDouble()).isEqualTo(450.0);
        assertThat(rows.get(0).get("met").asBoolean()).isTrue();
        assertThat(rows.get(1).get("met").asBoolean()).isFalse();
    }

    @Test
    void aRowWithoutAPeerOneWithoutAGoalAndOneThatWasNotMeasured() throws Exception {
        BenchTable table = new BenchTable(List.of(
                new BenchResult(new BenchCase("beat", "ms", Goal.none()), List.of(), List.of(1.5)).withNote("quiet"),
                new BenchResult(new BenchCase("splits", "rounds", Goal.atMost(0)), List.of(0.0), List.of(0.0)),
                BenchResult.notMeasured(new BenchCase("silent", "s", Goal.atMost(10)), "it needs root")));
        assertThat(table.lines())
                .containsExactly(
                        "NAME    UNIT    STOCK  EVENKEEL  RATIO  GOAL     MET",
                        "beat    ms      -      1.50      -      -        -",
                        "splits  rounds  0.00   0.00      -      <= 0.00  met",
                        "silent  s       -      -         -      <= 10.0  not measured",
                        "",
                        "min-max [each round] of beat (ms): stock -, evenkeel 1.50-1.50 [1.50]",
                        "min-max [each round] of splits (rounds): stock 0.00-0.00 [0.00], evenkeel 0.00-0.00 [0.00]",
                        "beat: quiet",
                        "silent: it needs root");
        JsonNode rows = new ObjectMapper().readTree(table.json());
        assertThat(rows.get(0).get("stock").isNull()).isTrue();
        assertThat(rows.get(0).get("met").isNull()).isTrue();
        assertThat(rows.get(1).get("ratio").isNull()).isTrue();
        assertThat(rows.get(1).get("met").asBoolean()).isTrue();
        assertThat(rows.get(2).get("evenkeel").isNull()).isTrue();
        assertThat(rows.get(2).get("met").isNull()).isTrue();
    }

    @Test
    void goalsAtTheirBounds() {
        assertThat(Goal.atMostTimesStock(1.0).met(100, 100)).isTrue();
        assertThat(Goal.atMostTimesStock(1.0).met(100, 100.1)).isFalse();
        assertThat(Goal.atLeastTimesStock(2.0).met(100, 200)).isTrue();
        assertThat(Goal.atLeastTimesStock(2.0).met(100, 199.9)).isFalse();
        assertThat(Goal.atMost(2.0).met(18.3, 2.0)).isTrue();
        assertThat(Goal.atMost(2.0).met(18.3, 2.1)).isFalse();
        assertThat(Goal.atLeast(1.0).met(0, 1.0)).isTrue();
        assertThat(Goal.atLeast(1.0).met(0, 0.9)).isFalse();
    }

    @Test
    void refusesWhatWasNotMeasured() {
        BenchCase benchCase = new BenchCase("start", "ms", Goal.atMost(1));
        assertThatThrownBy(() -> new BenchResult(benchCase, List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("start was not measured");
    }

    private static BenchResult join() {
        Map<String, List<Double>> samples = new LinkedHashMap<>();
        samples.put("stock", List.of(14.0, 16.0, 15.0));
        samples.put("small", List.of(20.0));
        samples.put("evenkeel", List.of(15.0, 15.6));
        return BenchResult.of(new BenchCase("join", "s", Goal.atMostTimesStock(1.05)), samples);
    }

    private static BenchResult skipped() {
        return BenchResult.notMeasured("leave", "it needs root");
    }

    @Test
    void aColumnForEachContender() {
        BenchTable table = new BenchTable(CONTENDERS, List.of(join(), skipped()));
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
        assertThat(new BenchTable(CONTENDERS, List.of(join())).complete()).isTrue();
    }

    @Test
    void theJsonHasTheCommonKeysAndTheContenders() throws Exception {
        JsonNode row = new ObjectMapper()
                .readTree(new BenchTable(CONTENDERS, List.of(join())).json())
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
