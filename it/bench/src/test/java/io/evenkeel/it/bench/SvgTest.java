package io.evenkeel.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SvgTest {
    private final Svg svg = new Svg(10, 20);

    @Test
    void keepsOneDigitAndEachCurveIsOnePath() {
        svg.curve(List.of(new Svg.Point(1.23456, 2), new Svg.Point(7, 10.5)), "red", 1);

        assertThat(svg.toString())
                .startsWith("<?xml")
                .contains("width=\"10\" height=\"20\"")
                .contains("<path fill=\"none\" stroke=\"red\" stroke-width=\"1.0\" d=\"M1.2 2.0L7.0 10.5\"/></svg>");
    }

    @Test
    void charactersOfXmlInATextAreEscaped() {
        svg.text(1, 2, 11, "p99 < 5 ms & more");

        assertThat(svg.toString()).contains(">p99 &lt; 5 ms &amp; more</text>");
    }
}
