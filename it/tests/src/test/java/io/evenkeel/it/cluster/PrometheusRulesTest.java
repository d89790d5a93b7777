package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusRulesTest {

    @Test
    void whatKeepsToTheRulesPasses() {
        String text =
                """
                # HELP x_sent_bytes_total Bytes sent
                # TYPE x_sent_bytes_total counter
                x_sent_bytes_total{node="a"} 1.0
                # HELP x_delay_seconds The delay
                # TYPE x_delay_seconds gauge
                x_delay_seconds 0.5
                y_get_num 1.0
                """;

        assertThat(PrometheusRules.violations(text, "x_")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "x_sent, counter, Messages, _total",
        "x_sent_total, gauge, Messages, _total",
        "x_wait_ms, gauge, The wait, the unit ms",
        "x_wait_seconds, gauge, '', no help",
        "x_wait_gauge, gauge, The wait, its type",
        "x_Wait, gauge, The wait, snake case",
    })
    void whatBreaksOneIsNamed(String name, String type, String help, String violation) {
        String text = "# HELP %1$s %3$s\n# TYPE %1$s %2$s\n%1$s 1.0\n".formatted(name, type, help);

        assertThat(PrometheusRules.violations(text, "x_"))
                .singleElement()
                .asString()
                .contains(name, violation);
    }

    @Test
    void aTextWithoutAnySeriesOfThePrefixDoesNotPass() {
        assertThat(PrometheusRules.violations("", "x_")).isNotEmpty();
    }
}
